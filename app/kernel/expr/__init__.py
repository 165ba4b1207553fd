"""The one filter language: a typed tree, its text and JSON forms, and what its conditions mean (docs/filters.md)."""
