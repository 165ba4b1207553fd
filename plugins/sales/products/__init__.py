"""Products and price lists: what is sold, for how much, to whom and when."""
