"""Profiles: what the exports of other systems look like, as data. One module for each system; `catalogue` lists them."""
