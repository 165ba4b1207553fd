"""What somebody looks at on a list's page: its view and state, read from the address; and addresses of the same list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.kernel.expr.tree import ExprError
from app.services import listing_filters, listing_state, views
from app.services.listing import Asked
from app.services.listing_state import PARTS, State
from app.services.views import EVERY, Saved
from app.web import htmx

PATHS: Mapping[str, tuple[str, str]] = {
    "contact": ("/contacts", "contacts.index"),
    "company": ("/companies", "companies.index"),
    "interaction": ("/interactions", "interactions.index"),
    "task": ("/tasks", "tasks.index"),
}
"""Core entity → where its list is, and the endpoint; all others are at /list/<entity>."""

BEGUN = "q"
"""The parameter that stands empty in an address which shows everything although its view would not."""


def of(entity: str) -> str:
    """Return where the list of an entity is."""
    return url_for(PATHS[entity][1]) if entity in PATHS else url_for("lists.index", entity=entity)


@dataclass(frozen=True)
class Place:
    """A list as it is looked at: `base` is what its view shows, `state` what is shown now.

    `opened` and `shut` say which groups are unfolded (see services.listing.Asked).
    """

    entity: str
    view: Saved | None
    standard: Saved | None
    base: State
    state: State
    opened: tuple[str, ...] | None = None
    shut: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether something else is shown than what the view says."""
        return self.state != self.base

    def to(self, state: State | None = None, **more: str | Sequence[str] | None) -> str:
        """Return the address of a state of the list (the present one), with paging or folding as `more`."""
        pairs = self._pairs(self.state if state is None else state)
        for name, given in more.items():
            texts = [given] if isinstance(given, str) else given or ()
            pairs += [(name.rstrip("_"), text) for text in texts if text or name == "open_"]
        return of(self.entity) + (f"?{urlencode(pairs)}" if pairs else "")

    def folding(self) -> dict[str, Any]:
        """Return which groups are unfolded, as `to` takes it."""
        if self.opened is not None:
            return {"open_": list(self.opened) or [""]}
        return {"shut": list(self.shut)}

    def pairs(self, *but: str) -> list[tuple[str, str]]:
        """Return what a form repeats to stay with this list: its view, and the state without some parameters."""
        kept = [pair for pair in self.state.pairs if pair[0] not in but]
        if self.view is not None:
            return [("view", self.view.key), *kept, *([] if kept or but else [(BEGUN, "")])]
        return kept

    def query(self) -> str:
        """Return what a link repeats to stay with this list, as a query."""
        return urlencode(self.pairs())

    def link(self, columns: Sequence[str]) -> str:
        """Return the whole address of what is shown, which shows others the same as far as they may see it."""
        state = self.state if self.state.get("cols") else self.state.but(cols=",".join(columns))
        return request.host_url.rstrip("/") + of(self.entity) + "?" + state.query()

    def to_view(self, view: Saved | None) -> str:
        """Return the address of another view of the list, or of everything."""
        base = view.state if view is not None else State()
        return Place(self.entity, view, self.standard, base, base).to()

    def _pairs(self, state: State) -> list[tuple[str, str]]:
        key = self.view.key if self.view is not None else EVERY
        if state == self.base:
            home = self.standard.key if self.standard is not None else EVERY
            return [] if key == home else [("view", key)]
        found = [("view", key)] if self.view is not None else []
        return [*found, *(state.pairs or [(BEGUN, "")])]


def read(seen: Context, entity: str) -> Place:
    """Return what the address of a request asks for. Raises NotVisible for a view that is not there, Invalid."""
    args = request.values
    said = listing_state.given(args)
    wanted = args.get("view", "")
    first = views.standard(seen, entity)
    view = first if not wanted and not said else None
    if wanted and wanted != EVERY:
        try:
            view = views.get(seen, entity, wanted)
        except NotVisible:
            if not said:
                raise
    base = _plain(view.state) if view is not None else State()
    state = (
        _plain(State.of(((name, text) for name in PARTS for text in args.getlist(name)), judged=("f", "q")))
        if said
        else base
    )
    if not base.get("cols") and state.names("cols") == standing(seen, entity):
        state = state.but(cols="")
    opened = tuple(text for text in args.getlist("open") if text) if "open" in args else None
    return Place(entity, view, first, base, state, opened, tuple(args.getlist("shut"))[:200])


def standing(seen: Context, entity: str) -> tuple[str, ...]:
    """Return the columns of a list of which nothing is said: those the reader chose, else the entity's own."""
    return views.columns(seen, entity) or seen.schema.entity(entity).default_columns


def _plain(state: State) -> State:
    """Return a state with its simple filters written in one way, so that equal ones are the same."""
    return state.but(f=[str(listing_filters.parse(text)) for text in state.every("f")])


def asked(seen: Context, place: Place) -> Asked:
    """Return the question to the list. Raises Invalid for a filter that cannot be read."""
    args, state = request.args, place.state
    return Asked(
        sort=state.get("sort"),
        after=args.get("after", ""),
        before=args.get("before", ""),
        start=args.get("from", "")[:20],
        filters=tuple(listing_filters.parse(text) for text in state.every("f")),
        where=_where(state),
        q=state.get("q")[:200],
        columns=state.names("cols") or views.columns(seen, place.entity),
        counted=not (htmx.partial() and "after" in args),
        group=state.get("group"),
        opened=place.opened,
        shut=place.shut,
    )


def _where(state: State) -> str:
    """Return the expression of the address. One that is too long to be kept, or a second, is refused, not ignored."""
    said = request.args.getlist("where")
    if len(set(filter(None, said))) > 1:
        raise ExprError(_("This address holds several filters. Join them by “and”."))
    return next((text for text in said if len(text) > listing_state.LONGEST), state.get("where"))
