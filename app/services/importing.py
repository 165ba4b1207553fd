"""Importing address books: a file is looked at, choices are made, then it runs in the background and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, func, select

from app.formats import sniff
from app.formats.files import safe_name
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.models import ImportRow, ImportRun, JobRow
from app.services import access, attachments, import_check, import_options, import_running
from app.services.import_options import DUPLICATES, Duplicates, Options
from app.services.import_reading import encoding_of, format_of, refusal
from app.services.import_rows import sentence
from app.services.unit import unit

PERMISSION = "contact.import"
RECENT = 10
KEEP = timedelta(days=30)
AT_ONCE = 50
"""Rows of a report on one page."""


def start(ctx: Context, name: str, data: bytes) -> ImportRun:
    """Keep a file and return the run that is going to import it, to be looked at first.

    Raises Invalid with a sentence for what is no address book, NotAllowed without the right to import.
    """
    access.require(ctx, PERMISSION)
    why = refusal(data, name)
    if why is not None:
        raise Invalid({"file": sentence(why)})
    blob_id = attachments.store(ctx, data, "application/octet-stream")
    return _started(ctx, safe_name(name), blob_id, format_of(data, name))


@unit
def _started(ctx: Context, name: str, blob_id: int, format_name: str) -> ImportRun:
    made = ImportRun(
        user_id=ctx.user.id,
        blob_id=blob_id,
        name=name,
        format=format_name,
        options=import_options.stored(Options(duplicates="fill"), {}),
        created_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def get(ctx: Context, run_id: int) -> ImportRun:
    """Return a run of the principal's own. Raises NotVisible."""
    found = ctx.session.get(ImportRun, run_id, populate_existing=True)
    if found is None or (found.user_id != ctx.user.id and not ctx.user.system):
        raise NotVisible(_("There is no such import."))
    return found


def listed(ctx: Context) -> Sequence[ImportRun]:
    """Return the principal's last runs, newest first."""
    query = select(ImportRun).where(ImportRun.user_id == ctx.user.id).order_by(ImportRun.id.desc())
    return ctx.session.execute(query.limit(RECENT)).scalars().all()


@unit
def choose(ctx: Context, run_id: int, options: Options) -> None:
    """Keep other choices; read in another way, the columns are guessed anew.

    Raises Refuse when the run has begun, Invalid for choices that there are not.
    """
    made = get(ctx, run_id)
    _still(made)
    if options.duplicates not in DUPLICATES:
        raise Invalid({"duplicates": _("Choose what to do with somebody who is there already.")})
    if options.owner_id is not None and not ctx.may("contact.assign"):
        raise Invalid({"owner_id": _("You may not hand records over to others.")})
    former = Options.read(made.options)
    if (former.header_row, former.encoding) != (options.header_row, options.encoding):
        options = replace(options, mapping={})
    made.options = import_options.stored(options, import_options.told(made.options))


def look(ctx: Context, run_id: int) -> None:
    """Have a long file looked at as a whole in the background; a short one is looked at whenever it is shown."""
    made = get(ctx, run_id)
    _still(made)
    if import_check.is_long(ctx, made):
        with ctx.unit():
            import_check.ask(ctx, get(ctx, run_id))


@unit
def begin(ctx: Context, run_id: int) -> None:
    """Import the file of a run in the background, or go on with one that was interrupted. Raises Refuse when it is done."""
    access.require(ctx, PERMISSION)
    made = get(ctx, run_id)
    if made.state not in ("preview", "cancelled", *import_running.OPEN):
        raise Refuse(_("This import is over. Choose the file again to import it once more."))
    found = import_options.told(made.options).get("check", {}).get("found", {})
    made.total = max(made.total, int(found.get("looked", 0)))
    import_running.begin(ctx, made)


@unit
def cancel(ctx: Context, run_id: int) -> None:
    """Stop a run after the rows it is at; what it has imported stays."""
    made = get(ctx, run_id)
    if made.state in ("waiting", "running"):
        made.state = "cancelled" if made.state == "waiting" else "cancelling"
        made.finished_at = ctx.now if made.state == "cancelled" else None


@unit
def discard(ctx: Context, run_id: int) -> None:
    """Forget a run that has not begun."""
    made = get(ctx, run_id)
    _still(made)
    ctx.session.execute(delete(ImportRun).where(ImportRun.id == made.id))


@unit
def forget(ctx: Context) -> int:
    """Remove the runs of a month ago that nobody works on, with their reports; their files go with the next sweep.

    Until then a run can be taken back. Returns how many there were.
    """
    old = (ImportRun.created_at < ctx.now - KEEP, ImportRun.state.not_in((*import_running.OPEN, "undoing")))
    return int(ctx.session.execute(delete(ImportRun).where(*old)).rowcount)  # type: ignore[attr-defined]


def interrupted(ctx: Context, made: ImportRun) -> bool:
    """Tell whether a run that is not over has nobody who works on it: its job gave up."""
    if made.state not in (*import_running.OPEN, "undoing"):
        return False
    keys = [f"{name}:{made.id}" for name in (import_running.JOB, UNDO)]
    alive = select(JobRow.id).where(JobRow.key.in_(keys), JobRow.state == "ready")
    return ctx.session.scalar(alive.limit(1)) is None


UNDO = "import.undo"


def rows(
    ctx: Context, made: ImportRun, outcome: str = "", *, after: int = 0, limit: int = AT_ONCE
) -> Sequence[ImportRow]:
    """Return rows of a report in the order of the file, those of one outcome if one is named, after a row's number."""
    query = select(ImportRow).where(ImportRow.run_id == made.id, ImportRow.number > after)
    if outcome:
        query = query.where(ImportRow.outcome == outcome)
    return ctx.session.execute(query.order_by(ImportRow.number).limit(limit)).scalars().all()


def noted(ctx: Context, made: ImportRun) -> int:
    """Return about how many rows something was noted that somebody should look at."""
    query = select(func.count()).where(ImportRow.run_id == made.id, ImportRow.outcome == "noted")
    return ctx.session.scalar(query) or 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an import did, or with `dry` would do: counts, and (row, words, sentence) of what needs a look."""

    run_id: int
    dry: bool
    format: str
    encoding: str
    created: int
    updated: int
    skipped: int
    failed: int
    companies: int
    lines: Sequence[tuple[int, str, str]]


def import_file(
    ctx: Context, path: Path, *, duplicates: Duplicates | str = "skip", dry_run: bool = False
) -> Report:
    """Import a file here and now as the context's principal; `duplicates` is skip, update (or fill), replace or create.

    With `dry_run` nothing is written but the run itself, which is forgotten. Raises Invalid or NotAllowed with a sentence,
    OSError when the file cannot be read.
    """
    data = path.read_bytes()
    if len(data) > sniff.MAX_BYTES:
        raise Invalid(
            {"file": sentence(next(found for found in sniff.read_each(data) if not hasattr(found, "kind")))}
        )
    made = start(ctx, path.name, data)
    run_id = made.id
    wanted: dict[str, Duplicates] = {
        "update": "fill",
        "fill": "fill",
        "replace": "replace",
        "create": "create",
    }
    options = Options(duplicates=wanted.get(duplicates, "skip"))
    choose(ctx, run_id, options)
    if dry_run:
        return _dry(ctx, run_id, data, options)
    with ctx.unit():
        get(ctx, run_id).state = "waiting"
    import_running.run(ctx, run_id)
    return report(ctx, run_id)


def _dry(ctx: Context, run_id: int, data: bytes, options: Options) -> Report:
    made = get(ctx, run_id)
    checked = import_check.counted(ctx, made, options)
    known = checked.known if options.duplicates != "create" else 0
    skipped = known if options.duplicates == "skip" else 0
    found = Report(
        run_id=run_id,
        dry=True,
        format=made.format,
        encoding=encoding_of(data, options),
        created=checked.new + checked.known - known,
        updated=known - skipped,
        skipped=skipped + checked.groups,
        failed=checked.lost,
        companies=0,
        lines=checked.problems,
    )
    discard(ctx, run_id)
    return found


def report(ctx: Context, run_id: int) -> Report:
    """Return what a run did; `lines` are its failed rows and those with something to look at, the first thousand."""
    made = get(ctx, run_id)
    query = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.message != "")
    told = ctx.session.execute(query.order_by(ImportRow.number).limit(1000)).scalars()
    return Report(
        run_id=run_id,
        dry=False,
        format=made.format,
        encoding=encoding_of(import_running.content(ctx, run_id), Options.read(made.options)),
        created=made.created,
        updated=made.updated,
        skipped=made.skipped,
        failed=made.failed,
        companies=int(import_options.told(made.options).get("companies", 0)),
        lines=[(row.number, row.words, row.message) for row in told],
    )


def _still(made: ImportRun) -> None:
    if made.state != "preview":
        raise Refuse(_("This import has begun already. Its choices cannot be changed any more."))
