"""The run of an import: batches in units of their own, each with its report, so that it goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.formats.card import Card
from app.formats.source import Source
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import Blob, ImportRow, ImportRun, Operation
from app.services import import_ahead, import_options, import_ties, jobs, mass
from app.services.attachments import path_of
from app.services.import_fields import Reader
from app.services.import_matching import Matcher
from app.services.import_options import Options
from app.services.import_pace import Pace
from app.services.import_reading import Item, Since, items
from app.services.import_rows import Row, learn, prepare, words
from app.services.import_writing import write

JOB = "import.run"
COUNTS = ("created", "updated", "skipped", "failed")

OPEN = ("waiting", "running", "cancelling", "pausing")
"""States in which a run still has something to do."""

STOPPING = {"cancelling": "cancelled", "pausing": "paused"}
"""What a run that is asked to stop becomes before its next rows."""


def run_job(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `import.run`: import the file of a run, or go on with it."""
    run(ctx, int(args["run"]))


def run(ctx: Context, run_id: int) -> None:
    """Import the file of a run from where it stands, as the context's principal, until it is done or cancelled."""
    with within(ctx):
        _run(ctx, run_id)


@contextmanager
def within(ctx: Context) -> Iterator[None]:
    """Let changes say that they come from an import, in an operation of its own."""
    former = ctx.source, ctx.operation
    ctx.source, ctx.operation = "import", None
    try:
        yield
    finally:
        ctx.source, ctx.operation = former


def _run(ctx: Context, run_id: int) -> None:
    made = _opened(ctx, run_id)
    if made is None:
        return
    name, options, done, since = made
    data = content(ctx, run_id)
    pace = Pace(ctx.session.get_bind().dialect.name)
    with import_ahead.rows(ctx, data, name, options, since, done) as found:
        while batch := list(islice(found, pace.size)):
            if not _batch(ctx, run_id, batch, options, pace):
                return
            if pace.grown():
                _counted(ctx, options.entity)
    if _said(ctx, run_id).get("tied"):
        import_ties.run(ctx, run_id, items(data, name, options))
    _closed(ctx, run_id)


def content(ctx: Context, run_id: int) -> Source:
    """Return a run's file, to be read from the disk. Raises NotVisible when it is gone."""
    query = (
        select(Blob.storage_name).join(ImportRun, ImportRun.blob_id == Blob.id).where(ImportRun.id == run_id)
    )
    stored = ctx.session.scalar(query)
    if stored is None or not path_of(stored).exists():
        raise NotVisible(_("The file of this import is not there any more. Choose it again."))
    return _kept(path_of(stored))


@lru_cache(maxsize=16)
def _kept(path: Path) -> Source:
    """Return a file with what was found out about it: contents are stored once and never change."""
    return Source(path=path)


def _opened(ctx: Context, run_id: int) -> tuple[str, Options, int, Since | None] | None:
    """Set a run to work and return its file's name, its choices, the number of the last row done, where to go on."""
    with ctx.unit():
        made = _locked(ctx, run_id)
        if made is None or made.state not in OPEN:
            return None
        if _stopped(ctx, made):
            return None
        made.state = "running"
        if made.operation_id is None:
            act = Operation(name="import", actor_id=ctx.user.id, source="import", at=ctx.now)
            ctx.session.add(act)
            ctx.session.flush()
            made.operation_id = act.id
        ctx.operation = made.operation_id
        since = Since.of(import_options.told(made.options).get("since"))
        return made.name, Options.read(made.options), made.done, since


def _stopped(ctx: Context, made: ImportRun) -> bool:
    """Stop a run that is asked to, within the open unit."""
    if made.state not in STOPPING:
        return False
    made.state, made.finished_at = STOPPING[made.state], ctx.now
    return True


def _locked(ctx: Context, run_id: int) -> ImportRun | None:
    query = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    found: ImportRun | None = ctx.session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    return found


def _batch(ctx: Context, run_id: int, batch: Sequence[Row | Item], options: Options, pace: Pace) -> bool:
    """Import some rows and their report in one unit; False when the run was cancelled or is done by another worker."""
    reader = Reader(ctx, options.entity, options)
    learn((one for one in batch if isinstance(one, Item)), options, reader)
    rows = [one if isinstance(one, Row) else prepared(ctx, one, options, reader) for one in batch]
    first, last = rows[0].item, rows[-1].item
    with ctx.unit():
        pace.begin()
        made = _locked(ctx, run_id)
        if made is None or made.state not in OPEN or made.done >= first.number:
            return False
        if _stopped(ctx, made):
            return False
        matched(Matcher(ctx, options.system), rows)
        companies = write(ctx, rows, options)
        _report(ctx, made, rows)
        if not pace.done:
            jobs.got_on(ctx, f"{JOB}:{run_id}")
        said = import_options.told(made.options)
        said["companies"] = said.get("companies", 0) + companies
        if (since := last.since) is not None:
            said["since"] = since.told()
        said["tied"] = said.get("tied", False) or any(_tied(row.item) for row in rows)
        made.options = import_options.stored(options, said)
    pace.end(len(rows))
    return True


def _counted(ctx: Context, entity: str) -> None:
    """Let PostgreSQL count the tables that grow: without, it reads all of a new one for each batch of keys.

    It would do so by itself, but only after minutes.
    """
    names = dict.fromkeys((str(ctx.schema.entity(entity).model.__tablename__), *mass.GROWING))
    with ctx.unit():
        mass.counted(ctx.session, names)


def _tied(item: Item) -> bool:
    """Tell whether a card names others."""
    return isinstance(item.found, Card) and bool(item.found.related or item.found.kind == "group")


def _said(ctx: Context, run_id: int) -> dict[str, Any]:
    text = ctx.session.scalar(select(ImportRun.options).where(ImportRun.id == run_id))
    return import_options.told(text or "{}")


def prepared(ctx: Context, item: Item, options: Options, reader: Reader | None = None) -> Row:
    """Return a row; a card that cannot be understood fails alone."""
    try:
        return prepare(ctx, item, options, reader)
    except (ValueError, TypeError, LookupError) as error:
        ctx.log.exception("find %d of an import", item.number, exc_info=error)
        row = Row(item)
        row.fail(_("This entry could not be understood. Add it by hand and tell your administrator."))
        return row


def matched(matcher: Matcher, rows: Sequence[Row]) -> None:
    """Find out who is there already."""
    known = [(row, row.keys) for row in rows if row.keys is not None]
    found = matcher.match([(row.item.number, row.name, keys) for row, keys in known])
    for (row, _keys), match in zip(known, found, strict=True):
        row.match = match


def _report(ctx: Context, made: ImportRun, rows: Sequence[Row]) -> None:
    """Keep what became of each row; what was noted about a card goes with it."""
    told: list[dict[str, Any]] = []
    for row, after in _with_next(rows):
        if row.outcome == "noted" and after is not None and after.record_id is not None:
            row.record_id, row.entity = after.record_id, after.entity
        told.append(
            {
                "run_id": made.id,
                "number": row.item.number,
                "outcome": row.outcome,
                "entity": row.entity if row.record_id is not None else "",
                "record_id": row.record_id,
                "words": words(row.item),
                "message": " ".join(row.said),
            }
        )
        if row.outcome in COUNTS:
            setattr(made, row.outcome, getattr(made, row.outcome) + 1)
    made.done = rows[-1].item.number
    made.total = max(made.total, made.done)
    mass.put(ctx.session, ImportRow, told)


def _with_next(rows: Sequence[Row]) -> Iterator[tuple[Row, Row | None]]:
    """Pair each row with the next one that is about a card: problems of a card are told before it."""
    following: Row | None = None
    pairs: list[tuple[Row, Row | None]] = []
    for row in reversed(rows):
        pairs.append((row, following))
        if row.keys is not None:
            following = row
    return reversed(pairs)


def _closed(ctx: Context, run_id: int) -> None:
    with ctx.unit():
        made = _locked(ctx, run_id)
        if made is not None and made.state in OPEN:
            made.state, made.finished_at, made.total = "done", ctx.now, made.done


def begin(ctx: Context, made: ImportRun) -> None:
    """Ask for the run in the background, within the open unit; imports of a house run one after another."""
    made.state = "waiting"
    jobs.enqueue(ctx, JOB, {"run": made.id}, key=f"{JOB}:{made.id}", lane=JOB)
