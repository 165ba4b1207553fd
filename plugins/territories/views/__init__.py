"""The pages of territories."""

from . import balance, lost, near, overview, places, route, territories, visits, world
from .blueprint import pages

__all__ = [
    "BLUEPRINTS",
    "balance",
    "lost",
    "near",
    "overview",
    "places",
    "route",
    "territories",
    "visits",
    "world",
]

BLUEPRINTS = (pages,)
