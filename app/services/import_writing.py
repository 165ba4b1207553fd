"""Rows of a file made into records: many at once where nothing objects, one by one in savepoints where something does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from app.formats.card import Card, Photo
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Invalid, KithError
from app.services import attachments, fields, import_companies, import_ids, photos, records
from app.services.import_matching import Match
from app.services.import_merging import Rules, merge
from app.services.import_options import Options
from app.services.import_rows import GROUP, Row
from app.services.running import TimeUp

PHOTO = {"contact": "photo_id", "company": "logo_id"}
REFUSALS = (KithError, DataError, IntegrityError, ValueError, TypeError, LookupError)
"""What one row may raise without ending the run; a database that is away or a job without time ends it."""


def write(ctx: Context, rows: Sequence[Row], options: Options) -> int:
    """Make records of prepared and matched rows within the open unit; each row gets its outcome.

    Returns how many companies were made for people to work in.
    """
    records_of = [row for row in rows if row.keys is not None]
    again = options.duplicates == "create"
    fresh = [row for row in records_of if row.match is None or again]
    known = [row for row in records_of if row.match is not None and not again]
    taken = [*fresh, *(known if options.duplicates != "skip" else ())]
    _create(ctx, "company", [row for row in fresh if row.entity == "company"], options)
    made = import_companies.settle(ctx, [row for row in taken if row.entity == "contact"])
    for entity in dict.fromkeys(row.entity for row in fresh if row.entity != "company"):
        _create(ctx, entity, [row for row in fresh if row.entity == entity], options)
    numbers = {row.item.number: row for row in fresh}
    for row in known:
        _known(ctx, row, numbers, options)
    for row in rows:
        if row.entity == GROUP:
            row.outcome = "skipped"
    import_ids.keep(ctx, [row for row in taken if row.record_id is not None], options.system)
    return made


def _create(ctx: Context, entity: str, rows: Sequence[Row], options: Options) -> None:
    if not rows:
        return
    given = {"owner_id": options.owner_id} if options.owner_id is not None else {}
    values = [row.values | given for row in rows]
    try:
        with ctx.unit(savepoint=True):
            made = records.create_many(ctx, entity, values)
    except REFUSALS as error:
        ctx.log.info("rows of an import are made one by one: %s", error)
        for row, one in zip(rows, values, strict=True):
            _tried(ctx, row, partial(records.create, ctx, entity, one))
    else:
        for row, record in zip(rows, made, strict=True):
            row.outcome, row.record_id = "created", record.id
    for row in rows:
        if row.card is not None:
            _photo(ctx, row, row.card)


def _tried(ctx: Context, row: Row, make: Callable[[], Any]) -> None:
    """Make one record in a savepoint of its own."""
    try:
        with ctx.unit(savepoint=True):
            record = make()
    except REFUSALS as error:
        row.fail(_why(ctx, error))
    else:
        row.outcome, row.record_id = "created", record.id


def _why(ctx: Context, error: BaseException) -> str:
    """Return what to tell about a row that could not be taken; a run that has no time left ends here."""
    if isinstance(error, TimeUp):
        raise error
    if isinstance(error, Invalid):
        return " ".join(error.problems.values())
    if isinstance(error, KithError):
        return str(error)
    ctx.log.warning("a row of an import could not be stored", exc_info=error)
    return _("The database could not store this row. Shorten its texts, or add the contact by hand.")


def _known(ctx: Context, row: Row, numbers: dict[int, Row], options: Options) -> None:
    """Skip or update what is there already, or what an earlier row of the same batch has made."""
    match = row.match
    assert match is not None
    earlier = numbers.get(match.number)
    record_id = match.id or (earlier.record_id if earlier is not None else None)
    if record_id is None:
        _create(ctx, row.entity, [row], options)
        return
    row.record_id = record_id
    row.said.append(match.said())
    if options.duplicates == "skip":
        row.outcome = "skipped"
        return
    try:
        with ctx.unit(savepoint=True):
            _update(ctx, row, match, record_id, options)
    except REFUSALS as error:
        row.fail(_why(ctx, error))
        return
    if row.card is not None:
        _photo(ctx, row, row.card, replace=options.duplicates == "replace")


def _update(ctx: Context, row: Row, match: Match, record_id: int, options: Options) -> None:
    kind = ctx.schema.entity(match.entity)
    record = records.get(ctx, match.entity, record_id, "edit")
    names = [
        ctx.schema.field(match.entity, name) for name in dict.fromkeys((*row.values, *_named(match.entity)))
    ]
    loaded = fields.load(ctx, kind, names, [record])
    present = {name: found.get(record_id) for name, found in loaded.items()}
    rules = Rules(
        replace=options.duplicates == "replace",
        policies=options.policies,
        long=frozenset(f.key for f in names if f.kind is Kind.LONG_TEXT),
    )
    changes, kept = merge(ctx, present, row.values, rules)
    if changes:
        records.update(ctx, match.entity, record_id, changes)
    row.outcome = "updated" if changes else "skipped"
    if not changes and not kept:
        row.said.append(_("The file says nothing new."))
    for name, value in kept.items():
        label = str(ctx.schema.field(match.entity, name).label)
        row.said.append(
            _("“%(field)s” stays as it is; the file says: %(value)s", field=label, value=_shown(value))
        )


def _named(entity: str) -> Sequence[str]:
    """The fields that make up a name, which are taken as one."""
    parts = (
        "honorific_prefix",
        "given_name",
        "additional_name",
        "family_name",
        "honorific_suffix",
        "nickname",
    )
    return {"contact": (*parts, "name"), "company": ("name",)}.get(entity, ())


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def _photo(ctx: Context, row: Row, card: Card, *, replace: bool = False) -> None:
    """Give a record its picture; one that cannot be decoded becomes a file of the record."""
    photo = card.photo
    if photo is None or not photo.data or row.record_id is None:
        return
    has = getattr(records.get(ctx, row.entity, row.record_id), PHOTO[row.entity])
    if has is not None and not replace:
        return
    upload = attachments.Upload(name=_file_name(photo), data=photo.data)
    try:
        with ctx.unit(savepoint=True):
            photos.put(ctx, row.entity, row.record_id, upload)
    except REFUSALS as error:
        row.said.append(_why(ctx, error))
        _as_file(ctx, row, upload)
    else:
        row.outcome = row.outcome if row.outcome == "created" else "updated"


def _as_file(ctx: Context, row: Row, upload: attachments.Upload) -> None:
    assert row.record_id is not None
    try:
        with ctx.unit(savepoint=True):
            attachments.attach(ctx, row.entity, row.record_id, [upload])
    except REFUSALS as error:
        row.said.append(_why(ctx, error))
    else:
        row.said.append(_("The picture is among the files instead."))


def _file_name(photo: Photo) -> str:
    ending = photo.media_type.rpartition("/")[2].partition("+")[0]
    return f"photo.{ending}" if ending.isalnum() else "photo"
