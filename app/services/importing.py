"""Importing address books: a file is looked at, choices are made, then it runs in the background and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select

from app.formats import sniff
from app.formats.files import safe_name
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.models import ImportRow, ImportRun, JobRow
from app.services import access, attachments, import_check, import_mapping, import_options, import_running
from app.services.import_options import DATES, DECIMALS, DUPLICATES, MATCHES, Duplicates, Options
from app.services.import_reading import TABLES, encoding_of, format_of, layout_of, refusal, table
from app.services.import_rows import sentence
from app.services.unit import unit

RECENT = 10
KEEP = timedelta(days=30)
AT_ONCE = 50
"""Rows of a report on one page."""


def offered(ctx: Context) -> Sequence[Entity]:
    """Return the kinds of record that the principal may import, contacts first."""
    kinds = [e for e in ctx.schema.entities() if e.importable and ctx.may(f"{e.key}.import")]
    return sorted(kinds, key=lambda e: ORDER.index(e.key) if e.key in ORDER else len(ORDER))


def require(ctx: Context) -> None:
    """Raise NotAllowed unless there is any kind of record that the principal may import."""
    if not offered(ctx):
        access.require(ctx, "contact.import")


ORDER = ("contact", "company", "task", "interaction")


def start(ctx: Context, name: str, data: bytes, entity: str = "contact") -> ImportRun:
    """Keep a file of people (or of another entity) and return the run that is going to import it, to be looked at first.

    Raises Invalid with a sentence for what cannot be imported, NotAllowed without the right to.
    """
    access.require(ctx, f"{entity}.import")
    if entity not in {e.key for e in offered(ctx)}:
        raise Invalid({"entity": _("Choose what the file holds.")})
    why = refusal(data, name)
    if why is not None:
        raise Invalid({"file": sentence(why)})
    if entity not in CARDS and format_of(data, name) not in TABLES:
        raise Invalid(
            {"file": _("This is an address book. Choose a table (CSV or XLSX), or import contacts.")}
        )
    blob_id = attachments.store(ctx, data, "application/octet-stream")
    options = _guessed(ctx, Options(duplicates="fill", entity=entity), data, name)
    return _started(ctx, safe_name(name), blob_id, format_of(data, name), options)


CARDS = ("contact", "company")
"""Entities that address books hold."""


def _guessed(ctx: Context, options: Options, data: bytes, name: str) -> Options:
    """Return the choices with what the columns hold: as chosen for such a file before, else guessed."""
    made = table(data, name, replace(options, mapping={}))
    if made is None:
        return options
    if made.problem is not None:
        raise Invalid({"file": sentence(made.problem)})
    kept = import_mapping.remembered(ctx, options.entity, made.header)
    if kept is not None:
        return replace(options, **kept)
    mapping = import_mapping.guess(ctx, options.entity, made)
    dates, decimal = import_mapping.written_as(ctx, options.entity, made, mapping)
    return replace(options, mapping=mapping, dates=options.dates or dates, decimal=options.decimal or decimal)


@unit
def _started(ctx: Context, name: str, blob_id: int, format_name: str, options: Options) -> ImportRun:
    made = ImportRun(
        user_id=ctx.user.id,
        blob_id=blob_id,
        name=name,
        format=format_name,
        entity=options.entity,
        options=import_options.stored(options, {}),
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
    if (options.match, options.dates, options.decimal) not in product(MATCHES, DATES, DECIMALS):
        raise Invalid({"match": _("Choose one of the entries of the list.")})
    if options.duplicates not in DUPLICATES:
        raise Invalid({"duplicates": _("Choose what to do with somebody who is there already.")})
    if options.owner_id is not None and not ctx.may(f"{made.entity}.assign"):
        raise Invalid({"owner_id": _("You may not hand records over to others.")})
    former = Options.read(made.options)
    options = replace(options, entity=former.entity)
    if layout_of(former) != layout_of(options):
        data = import_running.content(ctx, run_id)
        options = _guessed(ctx, replace(options, mapping={}), data, made.name)
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
    made = get(ctx, run_id)
    access.require(ctx, f"{made.entity}.import")
    if made.state not in ("preview", "cancelled", *import_running.OPEN):
        raise Refuse(_("This import is over. Choose the file again to import it once more."))
    found = import_options.told(made.options).get("check", {}).get("found", {})
    made.total = max(made.total, int(found.get("looked", 0)))
    _remember(ctx, made)
    import_running.begin(ctx, made)


def _remember(ctx: Context, made: ImportRun) -> None:
    """Keep what was chosen for a table, for the next file with the same header."""
    options = Options.read(made.options)
    if made.state != "preview" or made.format not in TABLES:
        return
    found = table(import_running.content(ctx, made.id), made.name, options)
    if found is not None and found.header_row:
        import_mapping.remember(
            ctx, made.entity, found.header, replace(options, mapping=found.mapping), team=options.team
        )


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
    ctx: Context, path: Path, *, duplicates: Duplicates | str = "skip", dry_run: bool = False, **more: Any
) -> Report:
    """Import a file here and now as the context's principal; `duplicates` is skip, update (or fill), replace or create.

    `more` are further choices of Options: entity, match, sheet, delimiter, encoding, header_row, dates, decimal.

    With `dry_run` nothing is written but the run itself, which is forgotten. Raises Invalid or NotAllowed with a sentence,
    OSError when the file cannot be read.
    """
    data = path.read_bytes()
    if len(data) > sniff.MAX_BYTES:
        raise Invalid(
            {"file": sentence(next(found for found in sniff.read_each(data) if not hasattr(found, "kind")))}
        )
    made = start(ctx, path.name, data, more.pop("entity", "contact"))
    run_id = made.id
    wanted: dict[str, Duplicates] = {
        "update": "fill",
        "fill": "fill",
        "replace": "replace",
        "create": "create",
    }
    options = replace(Options.read(made.options), duplicates=wanted.get(duplicates, "skip"), **more)
    choose(ctx, run_id, options)
    options = Options.read(get(ctx, run_id).options)
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
