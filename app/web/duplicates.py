"""Records that may be the same: the queue, two or more side by side with a choice per field, and "not a duplicate"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import DuplicateSearch
from app.services import dedupe_merging, dedupe_queue, dedupe_words
from app.services.access import GREATEST_ID
from app.services.context import ctx
from app.services.dedupe_merging import ALL, Draft, Row
from app.services.dedupe_queue import DIFFERENT, OPEN, PAGE, Pair
from app.web import record_page, shown
from app.web.amounts import number
from app.web.render import done, render
from app.web.routes import signed_in

duplicates = Blueprint("duplicates", __name__)


@duplicates.get("/duplicates")
@signed_in
def index() -> Response:
    """Show pairs that may be the same, the surest first."""
    asked = ctx()
    able = _able(asked)
    entity = request.args.get("entity", able[0])
    if entity not in able:
        raise NotVisible(_("There is no such list."))
    state = DIFFERENT if request.args.get("state") == DIFFERENT else OPEN
    found = dedupe_queue.page(asked, entity, state=state, after=_after(), limit=PAGE + 1)
    rows = found[:PAGE]
    older = None
    if len(found) > PAGE:
        older = _address(entity, state, after=f"{rows[-1].score}-{rows[-1].id}")
    return record_page.page_or_part(
        "duplicates/index.html",
        "duplicates/_more.html",
        title=_("Duplicates"),
        entity=entity,
        different=state == DIFFERENT,
        rows=[_line(asked, pair, state) for pair in rows],
        chips=_chips(asked, able, entity, state),
        count=_count(asked, entity) if state == OPEN else "",
        search=_looked(dedupe_queue.looked(asked, entity)),
        older=older,
    )


@duplicates.get("/duplicates/<entity>/merge")
@signed_in
def choose(entity: str) -> Response:
    """Show records side by side, with a choice for each field in which they differ."""
    asked = ctx()
    ids = _ids(request.args.getlist("id"))
    found = dedupe_merging.draft(asked, entity, ids)
    others = dedupe_queue.group(asked, entity, ids)
    titles = {r.id: record_page.title_of(asked, entity, r) for r in found.records}
    names = shown.named(asked, [row.field for row in found.rows], _columns(found))
    more = [asked.session.get(found.kind.model, i) for i in others]
    return render(
        "duplicates/merge.html",
        title=_("Merge"),
        entity=entity,
        records=[_head(found, record, titles) for record in found.records],
        rows=[_choice(asked, row, titles, names) for row in found.rows if row.differs],
        same=[
            (str(row.field.label), shown.words(asked, row.field, row.values[_first(row)], names))
            for row in found.rows
            if not row.differs and _first(row) and row.field.key != "extra"
        ],
        more=[
            (
                record_page.title_of(asked, entity, r),
                url_for("duplicates.choose", entity=entity, id=[*ids, r.id]),
            )
            for r in more
            if r is not None
        ],
        back=url_for("duplicates.index", entity=entity),
        plural=str(found.kind.plural),
    )


@duplicates.post("/duplicates/<entity>/merge")
@signed_in
def merge(entity: str) -> Response:
    """Merge records into the one that is to be kept."""
    asked = ctx()
    ids = _ids(request.form.getlist("id"))
    kept = _ids([request.form.get("keep", "")])
    ordered = [*(i for i in kept if i in ids), *(i for i in ids if i not in kept)]
    picks: dict[str, int | str] = {}
    for name, value in request.form.items():
        if name.startswith("pick.") and (value == ALL or value.isdecimal()):
            picks[name.removeprefix("pick.")] = value if value == ALL else int(value)
    operation = dedupe_merging.merge(asked, entity, ordered, picks)
    kind = asked.schema.entity(entity)
    record = asked.session.get_one(kind.model, ordered[0])
    return done(
        url_for(kind.url, record_id=ordered[0]),
        toast=_("%(name)s is one now", name=record_page.title_of(asked, entity, record)),
        undo=url_for("operations.undo", operation_id=operation),
    )


@duplicates.post("/duplicates/<entity>/<any(different, open):what>")
@signed_in
def say(entity: str, what: str) -> Response:
    """Remember that records are not the same, or take that back."""
    ids = _ids(request.form.getlist("id"))
    dedupe_queue.say(ctx(), entity, ids, DIFFERENT if what == "different" else OPEN)
    toast = _("They are remembered as different") if what == "different" else _("They are in the queue again")
    state = None if what == "different" else DIFFERENT
    return done(url_for("duplicates.index", entity=entity, state=state), toast=toast)


def _able(asked: Context) -> list[str]:
    """Return the entities whose records may be merged; there is no such page for somebody who may merge none."""
    able = dedupe_queue.entities(asked)
    if not able:
        raise NotVisible(_("There is no such page."))
    return able


def _ids(texts: list[str]) -> list[int]:
    """Return the ids of an address or form; what is none is left out."""
    sound = [int(t) for t in texts if t.isdecimal() and len(t) <= len(str(GREATEST_ID))]
    return list(dict.fromkeys(i for i in sound if 0 < i <= GREATEST_ID))


def _after() -> tuple[int, int] | None:
    """Return where the page begins: score and id of the last pair of the one before."""
    score, dash, pair = request.args.get("after", "").partition("-")
    good = dash and score.isdecimal() and pair.isdecimal() and len(score) < 4 and len(pair) < 11
    return (int(score), int(pair)) if good else None


def _address(entity: str, state: str, **more: Any) -> str:
    return url_for("duplicates.index", entity=entity, state=state if state != OPEN else None, **more)


def _chips(asked: Context, able: list[str], entity: str, state: str) -> list[dict[str, Any]]:
    chips = [
        {
            "label": str(asked.schema.entity(e).plural),
            "url": _address(e, OPEN),
            "on": e == entity and state == OPEN,
        }
        for e in able
    ]
    chips.append({"label": _("Not duplicates"), "url": _address(entity, DIFFERENT), "on": state == DIFFERENT})
    return chips


def _count(asked: Context, entity: str) -> str:
    found = dedupe_queue.count(asked, entity)
    most = dedupe_queue.MOST_COUNTED
    return _("more than %(count)s", count=number(most)) if found > most else str(number(found))


def _looked(row: DuplicateSearch | None) -> dict[str, Any] | None:
    return (
        {"at": row.finished_at or row.started_at, "records": number(row.records)} if row is not None else None
    )


def _line(asked: Context, pair: Pair, state: str) -> dict[str, Any]:
    """Return a pair as the queue shows it: both names, each with its page, how sure it is, and why."""
    kind = asked.schema.entity(pair.entity)
    both = [
        {
            "id": record.id,
            "name": record_page.title_of(asked, pair.entity, record),
            "url": url_for(kind.url, record_id=record.id),
        }
        for record in (pair.left, pair.right)
    ]
    return {
        "both": both,
        "certainty": pair.certainty,
        "score": pair.score,
        "tone": "ok"
        if pair.score >= dedupe_words.SURE
        else "info"
        if pair.score >= dedupe_words.LIKELY
        else "sys",
        "reasons": pair.reasons,
        "merge": url_for("duplicates.choose", entity=pair.entity, id=[b["id"] for b in both]),
        "say": url_for("duplicates.say", entity=pair.entity, what="different" if state == OPEN else "open"),
    }


def _head(found: Draft, record: Any, titles: dict[int, str]) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": titles[record.id],
        "url": url_for(found.kind.url, record_id=record.id),
        "created": record.created_at,
        "changed": record.updated_at,
    }


def _columns(found: Draft) -> list[dict[str, Any]]:
    """Return the values record by record."""
    return [{row.field.key: row.values[record.id] for row in found.rows} for record in found.records]


def _first(row: Row) -> int:
    return next((i for i, value in row.values.items() if value not in dedupe_merging.EMPTY), 0)


def _choice(asked: Context, row: Row, titles: dict[int, str], names: shown.Names) -> dict[str, Any]:
    """Return the choices of a field: each different value once, and all of them together where that makes sense."""
    offered: dict[str, dict[str, Any]] = {}
    for record_id, value in row.values.items():
        text = (
            shown.words(asked, row.field, value, names) if value not in dedupe_merging.EMPTY else _("Nothing")
        )
        if row.field.key in dedupe_merging.QUIET:
            text = _("As with %(name)s", name=titles[record_id])
        known = offered.setdefault(text, {"value": str(record_id), "text": text, "of": []})
        known["of"].append(titles[record_id])
    choices = list(offered.values())
    if row.joins:
        choices.insert(0, {"value": ALL, "text": _("All of them together"), "of": []})
    if len(set(titles.values())) == 1:  # one name for all says nothing about whose value it is
        for choice in choices:
            choice["of"] = []
    proposed = str(row.proposed)
    if all(choice["value"] != proposed for choice in choices):
        proposed = choices[0]["value"]
    return {
        "name": f"pick.{row.field.key}",
        "label": str(row.field.label),
        "choices": choices,
        "chosen": proposed,
    }
