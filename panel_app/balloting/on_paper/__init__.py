"""Voting on paper: printed papers, who was handed one, and what two people typed from them."""
