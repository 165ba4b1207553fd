"""The search page: one box for everything, as you type with htmx, a plain form without; and the palette's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.services import recent_records, recent_searches
from app.services import search as service
from app.services.context import ctx
from app.services.search import Group, Results
from app.web import htmx, lists, viewed
from app.web import palette as offered
from app.web import search_view as view
from app.web.render import done, fragment, render
from app.web.routes import signed_in

search = Blueprint("search", __name__)
search.after_app_request(viewed.note)

LONGEST = 200


@search.get("/search")
@signed_in
def page() -> Response:
    """Show what is found for `q`, in all kinds of record or in the one that `t` names, there behind the hit `after`."""
    seen = ctx()
    q, kind = _typed(), request.args.get("t", "")
    kind = kind if kind in service.searchable(seen) else ""
    after = request.args.get("after", 0, type=int) if kind else 0
    found = service.find(seen, q, entity=kind or None, after=after)
    response = render(
        "search/index.html",
        block="search/_hits.html#hits",
        title=_("Search: %(what)s", what=q) if q else _("Search"),
        q=q,
        kind=kind,
        **_values(seen, found, kind),
    )
    return _noted(response, seen, found)


@search.get("/search/palette")
@signed_in
def palette() -> Response:
    """Answer the palette, as one types; without htmx the search page does."""
    q = _typed()
    if not htmx.partial():
        return htmx.vary(redirect(url_for("search.page", q=q or None)))  # type: ignore[arg-type]
    seen = ctx()
    found = service.find(seen, q, limit=offered.EACH)
    return _noted(fragment("search/_palette.html", **offered.values(seen, found)), seen, found)


@search.post("/search/forget")
@signed_in
def forget() -> Response:
    """Forget what one looked for and opened lately."""
    seen = ctx()
    recent_searches.clear(seen)
    recent_records.clear(seen)
    if htmx.partial():
        return fragment("search/_palette.html", **offered.values(seen, Results("")))
    return done(url_for("search.page"), toast=_("Kith no longer remembers what you looked for."))


def _typed() -> str:
    return request.args.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _noted(response: Response, seen: Context, found: Results) -> Response:
    due = found.total and recent_searches.note(seen, found.corrected or found.query)
    if due and seen.user.id is not None:
        viewed.write_later(response, recent_searches.write, seen.user.id)
    return response


def _values(seen: Context, found: Results, kind: str) -> dict[str, Any]:
    q = found.query
    return {
        "groups": [_group(seen, group, found, kind) for group in found.groups],
        "chips": _chips(seen, q, found.groups, kind),
        "corrected": found.corrected,
        "beside": found.beside,
        "said": _n("%(num)s result", "%(num)s results", found.total),
        "todo": view.todo(seen, found),
        "create": view.create(seen, q),
        **({} if q else _lately(seen)),
    }


def _lately(seen: Context) -> dict[str, Any]:
    texts = recent_searches.mine(seen)
    return {
        "recent": [{"text": t, "url": url_for("search.page", q=t)} for t in texts],
        "opened": [view.hit(seen, hit) for hit in recent_records.mine(seen)],
    }


def _group(seen: Context, group: Group, found: Results, kind: str) -> dict[str, Any]:
    more, q = group.more, found.corrected or found.query
    last: dict[str, Any] = {"after": group.hits[-1].id} if kind else {}
    return {
        "label": group.label,
        "n": view.count(group),
        "hits": [view.hit(seen, hit, found.words) for hit in group.hits],
        "more": url_for("search.page", q=q, t=group.entity, **last) if more else None,
        "list": _list(seen, group, q) if group.capped and kind and not more else None,
    }


def _list(seen: Context, group: Group, q: str) -> str | None:
    return f"{lists.address(group.entity)}{lists.query(q=q)}" if seen.schema.has(group.entity) else None


def _chips(seen: Context, q: str, groups: Sequence[Group], kind: str) -> list[dict[str, Any]]:
    """Return the ways to narrow a search; one that is narrowed counts its own kind alone, and leads to all others."""
    counted = {group.entity: group for group in groups}
    labels = {name: group.label for name, group in counted.items()}
    if kind:
        labels = {name: str(seen.schema.entity(name).plural) for name in service.searchable(seen)} | labels
    if not q or (len(labels) < 2 and not kind):
        return []
    every = {"text": _("Everything"), "url": url_for("search.page", q=q), "on": not kind, "n": None}
    narrowed = [
        {
            "text": label,
            "url": url_for("search.page", q=q, t=name),
            "on": kind == name,
            "n": view.count(counted[name]) if name in counted else None,
        }
        for name, label in labels.items()
    ]
    return [every, *narrowed]
