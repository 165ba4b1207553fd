"""The way to the quotes, and views of their list."""

from __future__ import annotations

from app.sdk import Link, View, _l

from ..products.links import SECTION
from .content import QUOTE

ALL = (
    Link(
        name="quotes",
        label=_l("Quotes"),
        place="nav",
        endpoint="lists.index",
        values={"entity": QUOTE},
        icon="file-text",
        section=SECTION,
        order=44,
        permission=f"{QUOTE}.view",
    ),
    View(
        name="open_quotes",
        label=_l("Open quotes"),
        on=QUOTE,
        filters=("status:is:issued",),
        sort="valid_until",
        pinned=True,
        order=10,
    ),
    View(
        name="expiring_quotes",
        label=_l("Expiring"),
        on=QUOTE,
        where="status = issued and valid_until <= +7d",
        sort="valid_until",
        pinned=True,
        order=20,
    ),
    View(name="draft_quotes", label=_l("Drafts"), on=QUOTE, filters=("status:is:draft",), order=30),
    View(name="quotes_by_state", label=_l("By state"), on=QUOTE, group="status", order=40),
)
