"""Deals: pipelines with stages, the board, who is involved, what is next."""
