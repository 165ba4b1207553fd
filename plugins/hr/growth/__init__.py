"""Goals, reviews and notes of talks between two."""
