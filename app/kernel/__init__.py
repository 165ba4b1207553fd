"""The vocabulary of Kith: declarations, hooks, guard, events and errors. No views, no models, no I/O."""
