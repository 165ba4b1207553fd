"""The timeline of a record as a fragment and as a page of its own: filters, days, and the way to older entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.services import people, records
from app.services import timeline as service
from app.services.context import ctx
from app.services.timeline_sources import Cursor
from app.web import dates
from app.web.entries import Entries
from app.web.htmx import partial
from app.web.render import fragment, render
from app.web.routes import signed_in

timeline = Blueprint("timeline", __name__)

CHIPS = 4
"""Kinds that are one tap away; the page with all filters has the others."""

FOLDED = 3
"""So many machine entries in a row become one line."""

FILTERS = ("kind", "author", "since", "until", "q")


@timeline.get("/timeline/<entity>/<int:record_id>")
@signed_in
def show(entity: str, record_id: int) -> Response:
    """Show a record's timeline with all filters; with htmx the list alone, or only the older entries that it lacks."""
    asked = ctx()
    if not asked.schema.has(entity):
        raise NotVisible(_("There is no such record."))
    record = records.get(asked, entity, record_id)
    values = for_record(entity, record)
    if partial():
        return fragment(f"timeline/_{'older' if values['asked'].after else 'timeline'}.html", **values)
    kind = asked.schema.entity(entity)
    title = str(kind.title(record) if callable(kind.title) else getattr(record, kind.title, "")) or str(
        kind.label
    )
    return render(
        "timeline/page.html",
        title=_("Timeline of %(name)s", name=title),
        name=title,
        back=url_for(kind.url, record_id=record_id) if kind.url else "/",
        kinds=[("", _("All kinds")), *((k.key, k.label) for k in service.kinds(asked))],
        authors=[("", _("Everybody")), *((str(i), n) for i, n in people.colleagues(asked))],
        chosen={name: request.args.get(name, "") for name in FILTERS},
        **values,
    )


def for_record(entity: str, record: Any, *, most: int = service.Asked.limit) -> dict[str, Any]:
    """Return what timeline/_timeline.html needs for a record the caller has read; filters come from the request."""
    asked = ctx()
    wanted = replace(_asked(asked), limit=most)
    page = service.page(asked, entity, record, wanted)
    base = url_for("timeline.show", entity=entity, record_id=record.id)
    last = page.next is None and not wanted.filtered
    items = [item for _at, item in page.items] + list(page.pinned)
    shown = Entries(asked, items, (entity, record.id), [record.created_by] if last else (), page_of=record)
    return {
        "entity": entity,
        "record_id": record.id,
        "asked": wanted,
        "base": base,
        "filtered": wanted.filtered,
        "chips": _chips(asked, base, wanted.kind),
        "days": _days(_folded([(at, shown.entry(item)) for at, item in page.items]), wanted.after),
        "pinned": [shown.entry(item) for item in page.pinned],
        "failures": page.failures,
        "older": _older(base, page.next),
        "began": _began(asked, record, shown) if last and asked.may("interaction.view") else None,
    }


def _asked(asked: Context) -> service.Asked:
    args = request.args
    author, until = args.get("author", ""), _day(asked, args.get("until", ""))
    return service.Asked(
        kind=_plain(args.get("kind", "")),
        author=int(author) if author.isdecimal() and len(author) < 10 else 0,
        since=_day(asked, args.get("since", "")),
        until=until + timedelta(days=1) if until else None,
        text=_plain(args.get("q", "")),
        after=_cursor(args.get("after", "")),
    )


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:200]


def _day(asked: Context, text: str) -> datetime | None:
    try:
        return (
            datetime.combine(datetime.fromisoformat(text), datetime.min.time(), asked.zone) if text else None
        )
    except (ValueError, OverflowError):
        return None


def _cursor(text: str) -> Cursor | None:
    """Return a cursor as addresses carry it: microseconds since 1970, and an interaction's id or a plugin's key."""
    micros, _sep, rest = text.partition("_")
    if not micros.lstrip("-").isdecimal() or len(micros) > 18 or not rest:
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        at += timedelta(microseconds=int(micros))
    except OverflowError:
        return None
    if rest.isdecimal() and len(rest) < 12:
        return Cursor(at=at, id=int(rest))
    return Cursor(at=at, key=rest[:300])


def _older(base: str, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    micros = (cursor.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    kept = {k: v for k in FILTERS if (v := request.args.get(k, ""))}
    return f"{base}?{urlencode({**kept, 'after': f'{micros}_{cursor.id or cursor.key}'})}"


def _chips(asked: Context, base: str, chosen: str) -> list[dict[str, Any]]:
    kinds = service.kinds(asked)
    shown = [k for n, k in enumerate(kinds) if n < CHIPS or k.key == chosen]
    every = {"label": _("All"), "icon": "", "url": base, "on": not chosen}
    return [
        every,
        *(
            {"label": k.label, "icon": k.icon, "url": f"{base}?kind={k.key}", "on": chosen == k.key}
            for k in shown
        ),
    ]


def _folded(entries: list[tuple[datetime, dict[str, Any]]]) -> list[tuple[datetime, dict[str, Any]]]:
    """Put machine entries that stand in a row into one, which holds them in `folded`."""
    found: list[tuple[datetime, dict[str, Any]]] = []
    run: list[tuple[datetime, dict[str, Any]]] = []
    for at, entry in [*entries, (datetime.min, {"lite": False})]:
        if entry["lite"]:
            run.append((at, entry))
            continue
        if len(run) >= FOLDED:
            first = run[0][1]
            run = [(run[0][0], {**first, "id": f"{first['id']}-f", "folded": [e for _at, e in run]})]
        found += [*run, (at, entry)]
        run = []
    return found[:-1]


def _days(entries: Sequence[tuple[datetime, dict[str, Any]]], after: Cursor | None) -> list[dict[str, Any]]:
    """Return entries by day; a day that the page before had begun has no heading again."""
    days: list[dict[str, Any]] = []
    reader = dates.Reader()
    begun = reader.heading(after.at) if after else ""
    for at, entry in entries:
        heading = reader.heading(at)
        if not days or days[-1]["day"] != heading:
            days.append({"day": heading, "heading": heading if heading != begun else "", "entries": []})
        days[-1]["entries"].append(entry)
    if days and after and partial():
        days[0]["entries"][0]["first"] = True  # where the focus goes: what was just fetched
    return days


def _began(asked: Context, record: Any, shown: Entries) -> dict[str, Any]:
    """Return the last line of a timeline: who wrote the record down, and when."""
    mine = record.created_by is not None and record.created_by == asked.user.id
    who = _("you") if mine else shown.user(record.created_by)
    day = dates.day(record.created_at, within=True)
    if record.source == "import":
        text = _("Imported by %(who)s, %(day)s", who=who, day=day) if who else _("Imported, %(day)s", day=day)
    else:
        text = _("Created by %(who)s, %(day)s", who=who, day=day) if who else _("Created, %(day)s", day=day)
    return {"text": text, "iso": record.created_at.isoformat()}
