"""By what reports can be parted: people, sources, months; each as a column, its words and the condition that goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from app.sdk import Context, _
from app.sdk.services import people

from ..deals.models import Deal
from . import periods

WAYS = ("owner", "source", "month")
NONE = "none"


@dataclass(frozen=True)
class Dimension:
    """A way to part deals; `day` is the column whose month counts (opened_on, close_on)."""

    way: str
    day: str = "opened_on"

    @property
    def column(self) -> ColumnElement[Any]:
        """What deals are grouped by."""
        if self.way == "owner":
            return Deal.owner_id.expression
        if self.way == "source":
            return Deal.source.expression
        found: ColumnElement[Any] = func.substr(getattr(Deal, self.day), 1, 7)
        return found

    def is_(self, value: str) -> ColumnElement[bool]:
        """Return the condition that a deal belongs to a value, as it stands in an address."""
        if self.way == "owner":
            owner: ColumnElement[bool] = (
                Deal.owner_id.is_(None) if value == NONE else Deal.owner_id == int(value)
            )
            return owner
        return self.column == ("" if value == NONE else value)

    def where(self, value: Any) -> str:
        """Return the same as an expression of the filter language; for a month its days."""
        if self.way == "owner":
            return "owner_id is empty" if value is None else f"owner_id = {value}"
        if self.way == "source":
            return f'source = "{value}"' if value else "source is empty"
        if not value:
            return f"{self.day} is empty"
        month = periods.parse(str(value))
        return f"{self.day} between {month.start.isoformat()} and {month.end.isoformat()}"

    def words(self, ctx: Context, values: Iterable[Any]) -> Mapping[Any, str]:
        """Return what the values are called."""
        every = list(values)
        if self.way == "owner":
            names = people.user_names(ctx, {v for v in every if v is not None})
            return {v: names.get(v, "") or _("Nobody") for v in every}
        return {v: str(v) or _("Not known") for v in every}


def of(way: str, day: str = "opened_on") -> Dimension:
    """Return a way to part deals; by owner where the address names none."""
    return Dimension(way if way in WAYS else "owner", day)


def choices() -> list[tuple[str, str]]:
    """Return the ways, as choices."""
    return [("owner", _("Person")), ("source", _("Source")), ("month", _("Month"))]
