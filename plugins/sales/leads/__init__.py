"""Leads: where they came from, whose they are, how good they are, what becomes of them."""
