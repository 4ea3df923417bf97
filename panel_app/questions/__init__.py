"""What people are asked, live or alone: questions of many kinds, their answers and summaries."""
