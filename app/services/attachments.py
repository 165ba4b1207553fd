"""Files on records: contents once by hash under generated names; who may see the record may fetch the file."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from app.formats import file_values, files, images
from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Attachment, Blob
from app.services import access, field_files, records
from app.services.unit import unit

MOST = 20
"""Files that one form may bring."""

SMALL = (320, 320)
"""Pixels into which a picture's thumbnail fits."""


OF = (
    select(
        Attachment.record_id,
        Attachment.uid,
        Attachment.name,
        Attachment.thumbnail_id,
        Blob.size,
        Blob.media_type,
    )
    .join(Blob, Blob.id == Attachment.blob_id)
    .where(
        Attachment.entity == bindparam("entity"),
        Attachment.record_id.in_(bindparam("ids", expanding=True)),
        Attachment.field_id.is_(None),
    )
    .order_by(Attachment.id)
    .execution_options(**{access.PREPARED: True})
)


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it arrived: the name somebody gave it and its bytes."""

    name: str
    data: bytes


def path_of(storage_name: str) -> Path:
    """Return where a blob's bytes are; names are generated, never somebody's."""
    return house().config.data / "files" / storage_name[:2] / storage_name


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file on disk that has no row yet: `storage_name` is where its bytes are, `data` is kept for the rare repair."""

    name: str
    data: bytes
    media_type: str
    sha256: str
    storage_name: str
    thumbnail: Prepared | None = None


def prepare(ctx: Context, uploads: Sequence[Upload]) -> list[Prepared]:
    """Look at files, shrink pictures and write all to disk: the slow part, before the unit that adds the rows.

    Raises Invalid with a sentence for a file that is too large or too many.
    """
    limit = house().config.upload_max_mb
    if len(uploads) > MOST:
        raise Invalid({"files": _("Send at most %(most)s files at once.", most=MOST)})
    for upload in uploads:
        if len(upload.data) > limit * 1024 * 1024:
            told = _(
                "“%(name)s” is larger than %(limit)s MB. Make it smaller.", name=upload.name, limit=limit
            )
            raise Invalid({"files": told})
    return [_prepared(ctx, upload) for upload in uploads]


def _prepared(ctx: Context, upload: Upload) -> Prepared:
    media_type = files.sniff(upload.data, upload.name)
    made = _kept(ctx, files.safe_name(upload.name, media_type), upload.data, media_type)
    if not media_type.startswith("image/"):
        return made
    try:
        small = images.thumbnail(upload.data, SMALL)
    except images.ImageError:
        return made  # no picture that can be read: it stays a file
    return replace(made, thumbnail=_kept(ctx, made.name, small.data, small.media_type))


def _kept(ctx: Context, name: str, data: bytes, media_type: str) -> Prepared:
    digest = hashlib.sha256(data).hexdigest()
    known = ctx.session.scalar(select(Blob.storage_name).where(Blob.sha256 == digest))
    storage_name = known or secrets.token_hex(20)
    if not path_of(storage_name).exists():
        _write(path_of(storage_name), data)
    return Prepared(name=name, data=data, media_type=media_type, sha256=digest, storage_name=storage_name)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def attach(ctx: Context, entity: str, record_id: int, uploads: Sequence[Upload]) -> list[Attachment]:
    """Put files on a record the principal may edit and return them.

    Raises Invalid with a sentence for a file that is too large or too many, NotVisible for the record.
    """
    records.get(ctx, entity, record_id, "edit")
    return _attach(ctx, entity, record_id, prepare(ctx, uploads))


@unit
def _attach(ctx: Context, entity: str, record_id: int, prepared: Sequence[Prepared]) -> list[Attachment]:
    records.get(ctx, entity, record_id, "edit")
    return add(ctx, entity, record_id, prepared)


def add(ctx: Context, entity: str, record_id: int, prepared: Sequence[Prepared]) -> list[Attachment]:
    """Store the rows of prepared files within the open unit; the caller has checked the record."""
    made = []
    for file in prepared:
        small = _blob(ctx, file.thumbnail).id if file.thumbnail is not None else None
        row = Attachment(
            blob_id=_blob(ctx, file).id,
            thumbnail_id=small,
            entity=entity,
            record_id=record_id,
            name=file.name,
            created_at=ctx.now,
            created_by=ctx.user.id,
        )
        ctx.session.add(row)
        made.append(row)
    ctx.session.flush()
    return made


def hold(ctx: Context, upload: Upload) -> str:
    """Keep a file for a record that is about to be saved, and return the value with which a field gets it.

    Raises Invalid with a sentence for a file that is too large.
    """
    prepared = prepare(ctx, [upload])
    with ctx.unit():
        (row,) = add(ctx, field_files.HELD, 0, prepared)
        return file_values.made(row.uid, row.name)


def store(ctx: Context, data: bytes, media_type: str) -> int:
    """Keep the bytes of a file that is on no record, such as one to be imported, and return the id of their row."""
    kept = _kept(ctx, "", data, media_type)
    with ctx.unit():
        return _blob(ctx, kept).id


def _blob(ctx: Context, file: Prepared) -> Blob:
    """Return the row of a content, which may have come or gone since the file was prepared."""
    query = select(Blob).where(Blob.sha256 == file.sha256)
    found = ctx.session.execute(query).scalar_one_or_none()
    if found is None:
        found = Blob(
            sha256=file.sha256,
            storage_name=file.storage_name,
            size=len(file.data),
            media_type=file.media_type,
            created_at=ctx.now,
        )
        try:
            with ctx.session.begin_nested():
                ctx.session.add(found)
        except IntegrityError:  # somebody else sent the same content at this moment
            found = ctx.session.execute(query).scalar_one()
    if not path_of(found.storage_name).exists():
        _write(path_of(found.storage_name), file.data)
    return found


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as people see it."""

    uid: str
    name: str
    size: int
    media_type: str
    has_thumbnail: bool


def of_records(ctx: Context, entity: str, ids: Sequence[int]) -> dict[int, list[File]]:
    """Return the files of records the caller has read."""
    if not ids:
        return {}
    found: dict[int, list[File]] = {}
    for record_id, uid, name, thumbnail_id, size, media_type in access.rows(
        ctx, OF, {"entity": entity, "ids": ids}
    ):
        file = File(
            uid=uid, name=name, size=size, media_type=media_type, has_thumbnail=thumbnail_id is not None
        )
        found.setdefault(record_id, []).append(file)
    return found


def fetch(ctx: Context, uid: str, *, small: bool = False) -> tuple[Attachment, Blob]:
    """Return a file whose record exists for the principal, or its thumbnail. Raises NotVisible."""
    row = ctx.session.execute(select(Attachment).where(Attachment.uid == uid)).scalar_one_or_none()
    blob_id = None if row is None else row.thumbnail_id if small else row.blob_id
    if row is None or blob_id is None or not _visible(ctx, row):
        raise NotVisible(_("There is no such file."))
    blob = ctx.session.get(Blob, blob_id)
    if blob is None or not path_of(blob.storage_name).exists():
        raise NotVisible(_("There is no such file."))
    return row, blob


@unit
def remove(ctx: Context, uid: str) -> Attachment:
    """Take a file off its record; its bytes go with the nightly tidying when nothing else has them."""
    row = ctx.session.execute(select(Attachment).where(Attachment.uid == uid)).scalar_one_or_none()
    if row is None or not _visible(ctx, row):
        raise NotVisible(_("There is no such file."))
    if row.field_id is not None:
        raise Invalid({"file": _("“%(name)s” stands in a field. Empty the field.", name=row.name)})
    if row.entity != field_files.HELD:
        records.get(ctx, row.entity, row.record_id, "edit")
    ctx.session.delete(row)
    return row


def _visible(ctx: Context, row: Attachment) -> bool:
    if row.entity == field_files.HELD:
        return row.created_by == ctx.user.id
    if not ctx.schema.has(row.entity) or not field_files.shown(ctx, row):
        return False
    return bool(access.visible_ids(ctx, ctx.schema.entity(row.entity).model, [row.record_id]))
