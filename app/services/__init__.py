"""Use cases: may I, is it still true, does anyone object, do it, remember it, tell it. Each change is a unit."""
