"""The ballot box: secret papers, receipts, closing. It knows nothing of what is voted on."""
