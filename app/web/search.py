"""The search page: one box for everything, as you type with htmx, a plain form without."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.database import Busy
from app.extensions import db
from app.formats.fold import fold
from app.i18n import _, _n
from app.kernel.context import Context
from app.services import recent_searches
from app.services import search as service
from app.services.context import ctx
from app.services.search import Group, Results
from app.services.search_hits import Hit
from app.web import lists
from app.web.render import render
from app.web.routes import signed_in

search = Blueprint("search", __name__)
log = logging.getLogger("kith.web")

TOKENS = re.compile(r"(\w+)")
Marked = list[tuple[str, bool]]


@search.get("/search")
@signed_in
def page() -> Response:
    """Show what is found for `q`, in all kinds of record or in the one that `t` names."""
    seen = ctx()
    q, kind = request.args.get("q", "").strip()[:200], request.args.get("t", "")
    kind = kind if kind in service.searchable(seen) else ""
    found = service.find(seen, q, entity=kind or None)
    response = render(
        "search/index.html",
        block="search/_hits.html#hits",
        title=_("Search: %(what)s", what=q) if q else _("Search"),
        q=q,
        kind=kind,
        **_values(seen, found, kind),
    )
    if found.total and recent_searches.note(seen, found.corrected or q):
        _write_later(response, seen.user.id)
    return response


def _values(seen: Context, found: Results, kind: str) -> dict[str, Any]:
    q = found.query
    groups = [_group(seen, group, found, kind) for group in found.groups]
    return {
        "groups": groups,
        "chips": _chips(q, found.groups, kind),
        "corrected": found.corrected,
        "beside": found.beside,
        "said": _n("%(num)s result", "%(num)s results", found.total),
        "todo": _todo(seen, found),
        "create": url_for("contacts.new", line=q) if q and seen.may("contact.create") else None,
        "recent": [{"text": t, "url": url_for("search.page", q=t)} for t in recent_searches.mine(seen)]
        if not q
        else [],
    }


def _group(seen: Context, group: Group, found: Results, kind: str) -> dict[str, Any]:
    more = group.more and not kind
    return {
        "label": group.label,
        "n": _count(group),
        "hits": [_hit(seen, hit, found.words) for hit in group.hits],
        "more": url_for("search.page", q=found.query, t=group.entity) if more else None,
        "list": _list(seen, group, found.query) if group.more and kind else None,
        "company": group.entity == "company",
    }


def _count(group: Group) -> str | None:
    if group.count is None:
        return None
    looked = service.MOST if len(group.hits) > service.EACH else 4 * service.EACH
    return f"{looked}+" if group.count > looked else str(group.count)


def _list(seen: Context, group: Group, q: str) -> str | None:
    return f"{lists.address(group.entity)}{lists.query(q=q)}" if seen.schema.has(group.entity) else None


def _hit(seen: Context, hit: Hit, words: Sequence[str]) -> dict[str, Any]:
    return {
        "url": _url(seen, hit),
        "title": marked(hit.title or "–", words),
        "name": hit.title,
        "line": marked(hit.line, words),
        "initials": hit.initials,
        "hue": hit.hue,
        "icon": hit.icon or "file-text",
        "tone": hit.tone or "sys",
        "phone": hit.phone,
        "at": hit.at,
    }


def _url(seen: Context, hit: Hit, **more: Any) -> str:
    if hit.url or not seen.schema.has(hit.entity):
        return hit.url
    endpoint = seen.schema.entity(hit.entity).url
    return url_for(endpoint, record_id=hit.id, **more) if endpoint else ""


def _todo(seen: Context, found: Results) -> list[dict[str, Any]]:
    """Return what can be done at once with the first person found."""
    people = [hit for group in found.groups if group.entity == "contact" for hit in group.hits]
    if not people or not seen.may("interaction.create"):
        return []
    first = people[0]
    url = _url(seen, first, log="call", _anchor="log")
    return [
        {"text": _("Log a call with %(who)s", who=first.title), "url": url, "icon": "phone", "kind": "call"}
    ]


def _chips(q: str, groups: Sequence[Group], kind: str) -> list[dict[str, Any]]:
    if not groups or (len(groups) < 2 and not kind):
        return []
    every = {"text": _("Everything"), "url": url_for("search.page", q=q), "on": not kind, "n": None}
    return [
        every,
        *(
            {
                "text": g.label,
                "url": url_for("search.page", q=q, t=g.entity),
                "on": kind == g.entity,
                "n": _count(g),
            }
            for g in groups
        ),
    ]


def marked(text: str, words: Sequence[str]) -> Marked:
    """Return a text in pieces: (piece, whether it is what was looked for)."""
    pieces: Marked = []
    for token in TOKENS.split(text):
        start, end = _span(token, words)
        parts = [(token[:start], False), (token[start:end], True), (token[end:], False)]
        pieces += [part for part in parts if part[0]]
    return pieces


def _span(token: str, words: Sequence[str]) -> tuple[int, int]:
    folded = fold(token)
    for word in sorted(words, key=len, reverse=True):
        at = folded.find(word) if len(word) > 2 else (0 if folded.startswith(word) else -1)
        if at >= 0:
            return (at, at + len(word)) if len(folded) == len(token) else (0, len(token))
    return len(token), len(token)


def _write_later(response: Response, user_id: int | None) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def write() -> None:
        with app.app_context():
            try:
                recent_searches.write(user_id or 0)
            except (SQLAlchemyError, Busy, LookupError) as error:
                log.warning("recent searches were not written: %s", error.__class__.__name__)
            finally:
                db.session.remove()

    response.call_on_close(write)
