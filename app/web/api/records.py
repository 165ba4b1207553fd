"""Records of every kind: lists, one, made, changed, moved to the trash and back, many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Clash, Conflict, Invalid, NotAllowed, NotVisible, Refuse
from app.services import api_reading, api_trash, api_writing, records
from app.services.api_answers import Answer
from app.services.api_writing import Done, Stale
from app.services.context import ctx
from app.web.api import asking, problems
from app.web.api.signing import DOCUMENT

LIST = ("filter", "q", "sort", "after", "before", "limit", "fields", "include", "count")
ONE = ("fields", "include")


def index(entity: str) -> Response:
    """List records: filtered, sorted, a page at a time."""
    given = asking.parameters(*LIST)
    asked = api_reading.Asked(
        where=given.get("filter", ""),
        q=given.get("q", ""),
        sort=given.get("sort", ""),
        after=given.get("after", ""),
        before=given.get("before", ""),
        limit=asking.amount(given.get("limit"), 50, api_reading.MOST),
        only=asking.words(given.get("fields")),
        include=asking.words(given.get("include")),
        counted=asking.yes("count", given.get("count")),
    )
    found = api_reading.page(ctx(), entity, asked)
    told: dict[str, Any] = {"data": found.data, "next": found.next, "previous": found.previous}
    if asked.counted:
        told["count"] = found.count
    if found.included is not None:
        told["included"] = found.included
    response = asking.sent(asking.answer(told))
    _link(response, entity, found)
    return response


def _link(response: Response, entity: str, found: api_reading.Page) -> None:
    """Say where the pages beside this one are (RFC 8288)."""
    kept = {k: v for k, v in request.args.items() if k not in ("after", "before")}
    links = [f'<{DOCUMENT}>; rel="service-desc"']
    for relation, name, cursor in (("next", "after", found.next), ("prev", "before", found.previous)):
        if cursor is not None:
            address = f"{url_for('api.index', entity=entity)}?{urlencode({**kept, name: cursor})}"
            links.append(f'<{address}>; rel="{relation}"')
    response.headers["Link"] = ", ".join(links)


def show(entity: str, uid: UUID) -> Response:
    """Show one record."""
    given = asking.parameters(*ONE)
    asked = ctx()
    kind = api_reading.entity_of(asked, entity)
    record = records.get(asked, entity, api_reading.number(asked, kind, str(uid)))
    only, include = asking.words(given.get("fields")), asking.words(given.get("include"))
    found = api_reading.one(asked, entity, record, only, include)
    told = dict(found.data[0])
    if found.included is not None:
        told["included"] = found.included
    made = asking.of_record(told)
    if asking.is_known(made.headers["ETag"]):
        return asking.sent(Answer(status=304, headers={"ETag": made.headers["ETag"]}))
    return asking.sent(made)


def create(entity: str) -> Response:
    """Make a record."""
    asking.parameters()
    sent = asking.members(asking.body("fields"), "fields")

    def make() -> Answer:
        made = api_writing.create(ctx(), entity, sent)
        found = told(ctx(), entity, made.stored_id, made.uid)
        return asking.of_record(found, 201, Location=url_for("api.show", entity=entity, uid=made.uid))

    return asking.once(make)


def update(entity: str, uid: UUID) -> Response:
    """Change fields of a record."""
    asking.parameters()
    sent = asking.members(asking.body("fields"), "fields")
    versions = asking.seen_versions()

    def make() -> Answer:
        made = api_writing.update(ctx(), entity, str(uid), sent, versions=versions)
        return asking.of_record(told(ctx(), entity, made.stored_id, str(uid)))

    return asking.once(make)


def delete(entity: str, uid: UUID) -> Response:
    """Move a record to the trash."""
    asking.parameters()
    versions = asking.seen_versions()

    def make() -> Answer:
        api_writing.trash(ctx(), entity, str(uid), versions=versions)
        return Answer(status=204)

    return asking.once(make)


def restore(entity: str, uid: UUID) -> Response:
    """Take a record out of the trash."""
    asking.parameters()

    def make() -> Answer:
        made = api_writing.restore(ctx(), entity, str(uid))
        return asking.of_record(told(ctx(), entity, made.stored_id, str(uid)))

    return asking.once(make)


def told(asked: Context, entity: str, number: int, uid: str) -> Any:
    """Return a record as it is now; of one that was handed over out of sight only what it is."""
    try:
        record = records.get(asked, entity, number)
    except NotVisible:
        return {"entity": entity, "uid": uid, "version": 0, "title": "", "fields": {}}
    return api_reading.one(asked, entity, record).data[0]


def trashed(entity: str) -> Response:
    """List what is in the trash, what was deleted last first."""
    given = asking.parameters("after", "limit")
    most = asking.amount(given.get("limit"), 50, api_reading.MOST)
    found = api_trash.page(ctx(), entity, after=given.get("after", ""), limit=most)
    return asking.sent(asking.answer({"data": found.data, "next": found.next}))


# ---------------------------------------------------------------- many at once


def bulk(entity: str) -> Response:
    """Make, change, delete or restore many records, each for itself."""
    asking.parameters()
    sent = asking.body("operation", "records")
    operation = sent.get("operation")
    if operation not in api_writing.OPERATIONS:
        some = ", ".join(api_writing.OPERATIONS)
        raise Invalid({"operation": _("Choose one of: %(some)s.", some=some)})
    entries = [_entry(str(operation), one) for one in asking.entries(sent, "records", api_writing.MOST)]

    def make() -> Answer:
        done = api_writing.many(ctx(), entity, str(operation), entries)
        refused = sum(one.error is not None for one in done)
        found = {"done": len(done) - refused, "refused": refused, "results": [_result(one) for one in done]}
        return asking.answer(found)

    return asking.once(make)


def _entry(operation: str, entry: Any) -> dict[str, Any]:
    """Return an entry of a bulk request. Raises Invalid for one that cannot be one."""
    if not isinstance(entry, dict) or set(entry) - {"uid", "version", "fields"}:
        raise Invalid({"records": _("Each entry is an object with uid, version and fields.")})
    uid, version, fields = entry.get("uid"), entry.get("version"), entry.get("fields", {})
    if not isinstance(fields, dict) or (version is not None and type(version) is not int):
        raise Invalid({"records": _("Each entry is an object with uid, version and fields.")})
    if operation != "create" and not isinstance(uid, str):
        raise Invalid({"records": _("Give each entry the uid of its record.")})
    return {"uid": uid, "version": version, "fields": fields}


def _result(done: Done) -> dict[str, Any]:
    if done.error is None:
        return {"uid": done.uid, "version": done.version, "problem": None}
    return {"uid": done.uid, "version": None, "problem": problem(done.error)}


def problem(error: Exception) -> dict[str, Any]:
    """Return an error as problem details within an answer."""
    code = next((c for kind, c in CODES.items() if isinstance(error, kind)), 500)
    values: dict[str, Any] = {}
    if isinstance(error, Invalid):
        values["problems"] = error.problems
    if isinstance(error, NotAllowed):
        values["permission"] = error.permission
    if isinstance(error, Conflict):
        values["clashes"] = [Clash(c.field, None, None, None) for c in error.clashes]
    return problems.told(code, str(error), values)


CODES: dict[type[Exception], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotVisible: 404,
    Stale: 412,
    Refuse: 409,
    Conflict: 409,
}
