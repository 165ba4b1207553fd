"""Gift ideas, and gifts given."""
