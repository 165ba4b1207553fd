"""How the rows of a table are read where a profile was chosen for it."""

from __future__ import annotations

from app.formats.csv_dates import DateOrder
from app.formats.csv_table import Table
from app.formats.profiles import catalogue
from app.formats.profiles.shape import Shape, mapping
from app.services.import_options import Options

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}


def shapes(options: Options, table: Table) -> tuple[Shape, dict[str, Shape]] | None:
    """Return how a profile reads the rows of a table, and the shapes for rows of another kind; None without one."""
    profile = catalogue.find(options.profile)
    if profile is None:
        return None
    order = ORDERS.get(options.dates, DateOrder.UNKNOWN)
    aside = catalogue.find(profile.otherwise.key) if profile.otherwise is not None else None
    others: dict[str, Shape] = {}
    if aside is not None:
        others[aside.key] = Shape(
            aside, table.header, mapping(aside, table.header, {}, lambda _target: True), order
        )
    return Shape(profile, table.header, options.mapping, order), others
