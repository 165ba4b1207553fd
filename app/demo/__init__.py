"""Demonstration data: an invented company that sells solar roofs, with people, talks and follow-ups."""
