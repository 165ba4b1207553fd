"""Importing address books: a file is looked at, choices are made, then it runs in the background and can be undone."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import delete, select

from app.formats.files import safe_name
from app.formats.source import Data, Source
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.models import ImportRow, ImportRun, JobRow
from app.services import (
    access,
    file_streams,
    import_check,
    import_mapping,
    import_options,
    import_profiles,
    import_running,
)
from app.services.import_guessing import guessed
from app.services.import_ids import system_name
from app.services.import_options import Duplicates, Options
from app.services.import_reading import TABLES, encoding_of, format_of, layout_of, refusal, table
from app.services.import_rows import sentence
from app.services.unit import unit

RECENT = 10
KEEP = timedelta(days=30)


def offered(ctx: Context) -> Sequence[Entity]:
    """Return the kinds of record that the principal may import, contacts first."""
    kinds = [e for e in ctx.schema.entities() if e.importable and ctx.may(f"{e.key}.import")]
    return sorted(kinds, key=lambda e: ORDER.index(e.key) if e.key in ORDER else len(ORDER))


def require(ctx: Context) -> None:
    """Raise NotAllowed unless there is any kind of record that the principal may import."""
    if not offered(ctx):
        access.require(ctx, "contact.import")


ORDER = ("contact", "company", "task", "interaction")


def start(
    ctx: Context, name: str, data: bytes | IO[bytes], entity: str = "contact", profile: str = ""
) -> ImportRun:
    """Keep a file of people (or of another entity) and return the run that is going to import it, to be looked at first.

    A table that looks like an export of another system is read by the profile of it, which says what the table holds;
    `profile` names one, or with "none" that none is wanted. A stream is written to disk as it arrives and never held.

    Raises Invalid with a sentence for what cannot be imported, NotAllowed without the right to.
    """
    access.require(ctx, f"{entity}.import")
    if entity not in {e.key for e in offered(ctx)}:
        raise Invalid({"entity": _("Choose what the file holds.")})
    with arriving(io.BytesIO(data) if isinstance(data, bytes) else data) as part:
        return arrived(ctx, name, part, entity, profile)


@contextmanager
def arriving(stream: IO[bytes]) -> Iterator[file_streams.Part]:
    """Write a file to disk as it arrives; what nobody keeps is gone at the end. Raises Invalid for one too large."""
    try:
        with file_streams.arriving(stream, file_streams.most_of_an_import()) as part:
            yield part
    except file_streams.TooLarge as error:
        limit = file_streams.most_of_an_import() >> 20
        raise Invalid(
            {"file": _("The file is larger than %(limit)s MB. Split it and import the parts.", limit=limit)}
        ) from error


def arrived(ctx: Context, name: str, part: file_streams.Part, entity: str, profile: str = "") -> ImportRun:
    """Look at the beginning of a file on disk and keep it with a run. Raises Invalid, NotAllowed."""
    access.require(ctx, f"{entity}.import")
    data = Source(path=part.path)
    why = refusal(data, name)
    if why is not None:
        raise Invalid({"file": sentence(why)})
    if entity not in CARDS and format_of(data, name) not in TABLES:
        raise Invalid(
            {"file": _("This is an address book. Choose a table (CSV or XLSX), or import contacts.")}
        )
    wanted = Options(duplicates="fill", entity=entity, profile=profile)
    if wrong := import_profiles.problems_of(wanted):
        raise Invalid(wrong)
    options = guessed(ctx, wanted, data, name)
    access.require(ctx, f"{options.entity}.import")
    format_name = format_of(data, name)
    return _started(ctx, safe_name(name), file_streams.keep(ctx, part), format_name, options)


CARDS = ("contact", "company")
"""Entities that address books hold."""


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


def turn_into(ctx: Context, made: ImportRun, entity: str) -> None:
    """Take the file of a run for another kind of record, within the open unit. Raises Invalid, NotAllowed."""
    access.require(ctx, f"{entity}.import")
    former = Options.read(made.options)
    options = replace(former, entity=entity, mapping={}, defaults={}, policies={})
    data = import_running.content(ctx, made.id)
    made.entity = entity
    made.options = import_options.stored(
        guessed(ctx, options, data, made.name), import_options.told(made.options)
    )


@unit
def choose(ctx: Context, run_id: int, options: Options) -> None:
    """Keep other choices; read in another way, the columns are guessed anew.

    Raises Refuse when the run has begun, Invalid for choices that there are not.
    """
    made = get(ctx, run_id)
    still(made)
    if wrong := import_options.problems_of(options) | import_profiles.problems_of(options):
        raise Invalid(wrong)
    if options.owner_id is not None and not ctx.may(f"{made.entity}.assign"):
        raise Invalid({"owner_id": _("You may not hand records over to others.")})
    former = Options.read(made.options)
    options = replace(options, entity=former.entity)
    if layout_of(former) != layout_of(options) or former.profile != options.profile:
        data = import_running.content(ctx, run_id)
        options = guessed(ctx, replace(options, mapping={}), data, made.name)
        access.require(ctx, f"{options.entity}.import")
        made.entity = options.entity
    made.options = import_options.stored(options, import_options.told(made.options))


def look(ctx: Context, run_id: int) -> None:
    """Have a long file looked at as a whole in the background; a short one is looked at whenever it is shown."""
    made = get(ctx, run_id)
    still(made)
    if import_check.is_long(ctx, made):
        with ctx.unit():
            import_check.ask(ctx, get(ctx, run_id))


@unit
def begin(ctx: Context, run_id: int) -> None:
    """Import the file of a run in the background, or go on with one that was interrupted. Raises Refuse when it is done."""
    made = get(ctx, run_id)
    access.require(ctx, f"{made.entity}.import")
    if made.state not in ("preview", "paused", "cancelled", *import_running.OPEN):
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
def pause(ctx: Context, run_id: int) -> None:
    """Let a run rest after the rows it is at, to go on there later."""
    _stop(ctx, get(ctx, run_id), "pausing")


@unit
def cancel(ctx: Context, run_id: int) -> None:
    """End a run after the rows it is at; what it has imported stays."""
    made = get(ctx, run_id)
    _stop(ctx, made, "cancelling")
    if made.state in ("paused", "pausing"):
        made.state = "cancelled" if made.state == "paused" else "cancelling"


def _stop(ctx: Context, made: ImportRun, how: str) -> None:
    if made.state == "waiting":
        made.state, made.finished_at = import_running.STOPPING[how], ctx.now
    elif made.state == "running":
        made.state = how


@unit
def discard(ctx: Context, run_id: int) -> None:
    """Forget a run that has not begun."""
    made = get(ctx, run_id)
    still(made)
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

    `more` are further choices of Options: entity, profile, match, system, policies, sheet, delimiter, encoding, header_row, dates,
    decimal.

    With `dry_run` nothing is written but the run itself, which is forgotten. Raises Invalid or NotAllowed with a sentence,
    OSError when the file cannot be read.
    """
    made = _started_as(ctx, path, more.pop("entity", ""), more.pop("profile", ""))
    run_id = made.id
    if "system" in more:
        more["system"] = system_name(more["system"])
    options = replace(Options.read(made.options), duplicates=duplicates_of(duplicates), **more)
    choose(ctx, run_id, options)
    options = Options.read(get(ctx, run_id).options)
    if dry_run:
        return _dry(ctx, run_id, import_running.content(ctx, run_id), options)
    with ctx.unit():
        get(ctx, run_id).state = "waiting"
    import_running.run(ctx, run_id)
    return report(ctx, run_id)


def _started_as(ctx: Context, path: Path, entity: str, profile: str) -> ImportRun:
    """Start a run; where somebody said what the file holds, a profile that says something else is not taken."""
    with path.open("rb") as stream:
        made = start(ctx, path.name, stream, entity or "contact", profile)
    if not entity or made.entity == entity or profile:
        return made
    discard(ctx, made.id)
    with path.open("rb") as stream:
        return start(ctx, path.name, stream, entity, import_options.NO_PROFILE)


def duplicates_of(word: str) -> Duplicates:
    """Return what a word of the command line says of what is there already: "update" fills, an unknown one skips."""
    named: dict[str, Duplicates] = {
        "update": "fill",
        "fill": "fill",
        "replace": "replace",
        "create": "create",
    }
    return named.get(word, "skip")


def _dry(ctx: Context, run_id: int, data: Data, options: Options) -> Report:
    made = get(ctx, run_id)
    checked = import_check.counted(ctx, made, options)
    known = checked.known if options.duplicates != "create" else 0
    skipped = known if options.duplicates == "skip" else min(known, checked.unchanged)
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


def still(made: ImportRun) -> None:
    """Raise Refuse when a run has begun."""
    if made.state != "preview":
        raise Refuse(_("This import has begun already. Its choices cannot be changed any more."))
