"""What stands beside a record: its timeline, its files, the actions that can be run on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, send_file, url_for
from werkzeug.exceptions import UnsupportedMediaType

from app.formats import files as formats
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import api_actions, api_reading, api_timeline, attachments, records
from app.services.api_answers import Answer
from app.services.attachments import File, Upload
from app.services.context import ctx
from app.services.timeline import Asked
from app.web.api import asking

BINARY = "application/octet-stream"
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _record(asked: Context, entity: str, uid: UUID, verb: str = "view") -> Any:
    kind = api_reading.entity_of(asked, entity)
    return records.get(asked, entity, api_reading.number(asked, kind, str(uid)), verb)


def timeline(entity: str, uid: UUID) -> Response:
    """Tell what happened, newest first."""
    given = asking.parameters("after", "limit", "kind", "since", "until", "q")
    wanted = Asked(
        kind=given.get("kind", ""),
        since=api_timeline.moment("since", given.get("since", "")),
        until=api_timeline.moment("until", given.get("until", "")),
        text=given.get("q", ""),
        limit=asking.amount(given.get("limit"), 50, api_timeline.MOST),
    )
    found = api_timeline.page(ctx(), entity, _record(ctx(), entity, uid), wanted, given.get("after", ""))
    return asking.sent(asking.answer({"data": found.data, "next": found.next}))


# ---------------------------------------------------------------- files


def files(entity: str, uid: UUID) -> Response:
    """List the files of a record."""
    asking.parameters()
    record = _record(ctx(), entity, uid)
    found = attachments.of_records(ctx(), entity, [record.id]).get(record.id, [])
    return asking.sent(asking.answer({"data": [_file(file) for file in found]}))


def _file(file: File) -> dict[str, Any]:
    return {
        "uid": file.uid,
        "name": file.name,
        "size": file.size,
        "media_type": file.media_type,
        "url": url_for("api.file", uid=file.uid),
    }


def attach(entity: str, uid: UUID) -> Response:
    """Put files on a record: `multipart/form-data`, each in a part called `file`."""
    asking.parameters()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType()
    uploads = [Upload(name=f.filename or _("File"), data=f.read()) for f in request.files.getlist("file")]
    if not uploads:
        raise Invalid({"file": _("Send at least one file, in a part called “file”.")})
    record_id = _record(ctx(), entity, uid, "edit").id
    prepared = attachments.prepare(ctx(), uploads)

    def make() -> Answer:
        with ctx().unit():
            records.get(ctx(), entity, record_id, "edit")
            made = {row.uid for row in attachments.add(ctx(), entity, record_id, prepared)}
            every = attachments.of_records(ctx(), entity, [record_id]).get(record_id, [])
            return asking.answer({"data": [_file(file) for file in every if file.uid in made]}, 201)

    return asking.once(make, "\n".join(f"{p.name} {p.sha256}" for p in prepared).encode())


def file(uid: UUID) -> Response:
    """Send the contents of a file."""
    asking.parameters()
    row, blob = attachments.fetch(ctx(), str(uid))
    response = send_file(attachments.path_of(blob.storage_name), mimetype=BINARY)
    response.headers["Content-Disposition"] = formats.content_disposition(
        row.name, inline=False, media_type=BINARY
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def detach(uid: UUID) -> Response:
    """Take a file off its record."""
    asking.parameters()

    def make() -> Answer:
        attachments.remove(ctx(), str(uid))
        return Answer(status=204)

    return asking.once(make)


# ---------------------------------------------------------------- actions


def actions(entity: str, uid: UUID) -> Response:
    """List the actions that make sense for a record."""
    asking.parameters()
    found = api_actions.of_record(ctx(), entity, _record(ctx(), entity, uid))
    return asking.sent(asking.answer({"data": found}))


def act(entity: str, name: str) -> Response:
    """Run an action on records."""
    asking.parameters()
    sent = asking.body("uids", "data")
    uids = asking.entries(sent, "uids", api_actions.MOST)
    data = asking.members(sent, "data")

    def make() -> Answer:
        outcome, known = api_actions.run(ctx(), entity, name, uids, data)
        refused = [{"uid": known.get(i), "detail": str(why)} for i, why in outcome.refused.items()]
        told = {
            "message": api_timeline.plain(outcome.message),
            "changed": outcome.changed,
            "refused": refused,
            "waits_for_approval": outcome.approval is not None,
        }
        return asking.answer(told)

    return asking.once(make)
