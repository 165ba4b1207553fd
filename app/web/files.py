"""Serving files: as downloads under a policy that runs nothing; only re-encoded thumbnails and PDF are shown (S11)."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_file, url_for

from app.formats import files as formats
from app.i18n import _
from app.kernel.contributions import Entity
from app.services import attachments
from app.services.context import ctx
from app.web.render import done
from app.web.routes import signed_in

files = Blueprint("files", __name__)

SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


@files.get("/files/<uid>")
@signed_in
def show(uid: str) -> Response:
    """Send a file, its thumbnail with `?small=1`."""
    small = request.args.get("small") == "1"
    row, blob = attachments.fetch(ctx(), uid, small=small)
    inline = small or blob.media_type == "application/pdf"  # pictures are shown re-encoded only
    response = send_file(attachments.path_of(blob.storage_name), mimetype=blob.media_type, conditional=True)
    response.headers["Content-Disposition"] = formats.content_disposition(
        row.name, inline=inline, media_type=blob.media_type
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    if small:
        response.headers["Cache-Control"] = "private, max-age=3600"  # another picture has another address
    return response


@files.post("/files/<uid>/remove")
@signed_in
def remove(uid: str) -> Response:
    """Take a file off its record."""
    asked = ctx()
    row = attachments.remove(asked, uid)
    kind: Entity = asked.schema.entity(row.entity)
    back = url_for(kind.url, record_id=row.record_id) if kind.url else "/"
    if row.entity == "interaction":
        back = url_for("interactions.edit", record_id=row.record_id, _anchor="files")
    return done(back, toast=_("“%(name)s” was taken off", name=row.name))
