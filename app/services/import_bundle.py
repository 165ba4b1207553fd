"""A zip with several related files: each becomes a run of its own, in the order in which they need one another.

The run of the zip itself has no file; it holds the numbers of its parts, what they are taken for, and their sums.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import select

from app.formats import zip_files
from app.formats.csv_headers import is_id, words_of
from app.formats.files import safe_name
from app.formats.fold import fold
from app.formats.source import Source
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Kind
from app.kernel.errors import Invalid, KithError
from app.models import ImportRun
from app.services import (
    export_columns,
    import_mapping,
    import_options,
    import_running,
    import_tied,
    import_undo,
    importing,
)
from app.services.import_ids import system_name
from app.services.import_options import Options
from app.services.import_reading import TABLES, table
from app.services.import_rows import sentence
from app.services.unit import unit

FORMAT = "zip"
KINDS = {
    "note": "note",
    "call": "call",
    "email": "email",
    "mail": "email",
    "meeting": "meeting",
    "visit": "visit",
    "letter": "letter",
    "activity": "note",
}
"""What a file of interactions is called, and of which kind those are that do not say so themselves."""


DAMAGED = (ValueError, OSError, NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading from a damaged zip raises."""


@dataclass(frozen=True)
class Left:
    """A file of the zip that is not imported, and why."""

    name: str
    why: str


def start(ctx: Context, name: str, stream: IO[bytes], entity: str = "contact") -> ImportRun:
    """Keep a file, or the files of a zip, and return the run that is going to import it; see `importing.start`.

    Raises Invalid with a sentence for what cannot be imported, NotAllowed without the right to.
    """
    importing.require(ctx)
    with importing.arriving(stream) as part:
        data = Source(path=part.path)
        if not zip_files.is_zip(data):
            return importing.arrived(ctx, name, part, entity)
        found = zip_files.members(data, name)
        if not isinstance(found, list):
            raise Invalid({"file": sentence(found)})
        return _unpacked(ctx, name, data, found)


def _unpacked(ctx: Context, name: str, data: Source, found: Sequence[zip_files.Member]) -> ImportRun:
    system = system_name(PurePosixPath(name).stem) or "zip"
    runs: list[ImportRun] = []
    left: list[Left] = []
    for member in found:
        made = _member(ctx, data, member, system)
        if isinstance(made, Left):
            left.append(made)
        else:
            runs.append(made)
    if not runs:
        why = "; ".join(f"{one.name}: {one.why}" for one in left[:5])
        raise Invalid({"file": _("No file of the zip can be imported. %(why)s", why=why)})
    ids = [run.id for run in sorted(runs, key=lambda run: rank(ctx, run.entity))]
    return _parent(ctx, name, ids, left, system)


def _member(ctx: Context, data: Source, member: zip_files.Member, system: str) -> ImportRun | Left:
    """Return the run of one file of a zip, or why there is none."""
    entity = entity_of(ctx, member.name)
    try:
        with zip_files.opened(data, member) as stream, importing.arriving(stream) as part:
            source = Source(path=part.path)
            if zip_files.is_zip(source) or zip_files.is_archive(source.head):
                return Left(member.name, _("It is an archive itself."))
            entity = entity or _by_header(ctx, member.name, source)
            if not entity and not _is_table(member.name, source):
                return Left(member.name, _("It is not clear what it holds."))
            first = importing.offered(ctx)[0].key
            made: ImportRun = importing.arrived(ctx, member.name, part, entity or first)
    except Invalid as error:
        return Left(member.name, " ".join(error.problems.values()))
    except (KithError, *DAMAGED) as error:
        ctx.log.info("a file of a zip is not taken: %s", error)
        return Left(member.name, _("It cannot be unpacked."))
    if entity or _is_profiled(made):
        _fitted(ctx, made, system)
    else:
        with ctx.unit():
            made.entity = ""
    return made


def _is_profiled(made: ImportRun) -> bool:
    """Tell whether a profile of another system says what the columns hold."""
    return Options.read(made.options).profile not in ("", import_options.NO_PROFILE)


def _is_table(name: str, source: Source) -> bool:
    """Tell whether a file has columns, so that somebody can say what it holds."""
    made = table(source, name, Options())
    return made is not None and len(made.header) > 1


def entity_of(ctx: Context, name: str) -> str:
    """Return what a file is called after: "companies.csv", "hubspot-crm-exports-deals-2026.csv"; "" if unclear."""
    offered = {kind.key for kind in importing.offered(ctx)}
    kinds = {fold(noun): key for noun, key in import_tied.kinds_by_noun(ctx).items() if key in offered}
    if "interaction" in offered:
        kinds |= dict.fromkeys(KINDS, "interaction")
    if name.lower().endswith((".vcf", ".vcard", ".ldif", ".ldi")):
        return "contact" if "contact" in offered else ""
    for word in reversed(words_of(PurePosixPath(name).stem).split()):
        for form in (word, word.removesuffix("s"), word.removesuffix("ies") + "y", word.removesuffix("es")):
            if form in kinds:
                return kinds[form]
    return ""


def _by_header(ctx: Context, name: str, source: Source) -> str:
    """Return the kind of record most of whose fields the header names, if these are most of the header."""
    made = table(source, name, Options())
    if made is None or not made.header:
        return "" if made is not None else "contact"
    best, most = "", len([cell for cell in made.header if cell]) / 2
    for kind in importing.offered(ctx):
        known = export_columns.named(ctx, kind.key)
        count = sum(fold(cell) in known or fold(words_of(cell)) in known for cell in made.header if cell)
        if count > most:
            best, most = kind.key, count
    return best


@unit
def _fitted(ctx: Context, made: ImportRun, system: str) -> None:
    """Let the columns of ids of a new run be read as such, and what the name of the file says hold for its rows."""
    options = Options.read(made.options)
    options = replace(options, system=options.system or system, match=options.match)
    found = table(import_running.content(ctx, made.id), made.name, options) if made.format in TABLES else None
    if found is not None and not _is_profiled(made):
        if options.header_row is None and found.header_row == 0 and _are_names(found.rows[0].cells):
            options = replace(options, header_row=found.rows[0].number)
            found = table(import_running.content(ctx, made.id), made.name, options) or found
            guessed = import_mapping.guess(ctx, made.entity, found)
            options = replace(options, mapping=guessed)
        options = replace(options, mapping=import_tied.columns(ctx, made.entity, found, options.mapping))
    if made.entity == "interaction":
        words = words_of(PurePosixPath(made.name).stem).split()
        kinds = [KINDS[w] for word in words for w in (word, word.removesuffix("s")) if w in KINDS]
        at = ctx.now.astimezone(ctx.zone).isoformat(sep=" ", timespec="minutes")
        options = replace(options, defaults={"kind": (kinds or ["note"])[-1], "occurred_at": at})
    made.options = import_options.stored(options, import_options.told(made.options))


def _are_names(cells: Sequence[str]) -> bool:
    return any(map(is_id, cells)) and all(len(cell) < import_mapping.MOST_OF_A_NAME for cell in cells)


def rank(ctx: Context, entity: str) -> tuple[int, str]:
    """Return where a kind of record stands in the order: after all that its fields point at."""
    return _depth(ctx, entity, ()) if entity else 200, entity


def _depth(ctx: Context, entity: str, above: tuple[str, ...]) -> int:
    if entity in above or not ctx.schema.has(entity):
        return 0
    if entity in LAST:
        return 100 + LAST.index(entity)
    if entity in FIRST:
        return FIRST.index(entity)
    refs = {f.ref for f in ctx.schema.fields(entity) if f.kind in (Kind.REF, Kind.REFS) and f.ref}
    return 2 + max((_depth(ctx, ref, (*above, entity)) for ref in refs), default=0)


FIRST, LAST = ("company", "contact"), ("task", "interaction")
"""What others point at, and what may point at anything."""


@unit
def _parent(ctx: Context, name: str, ids: list[int], left: Sequence[Left], system: str) -> ImportRun:
    made = ImportRun(user_id=ctx.user.id, name=safe_name(name), format=FORMAT, entity="", created_at=ctx.now)
    said = {"parts": ids, "left": [[one.name, one.why] for one in left]}
    made.options = import_options.stored(Options(duplicates="fill", system=system), said)
    ctx.session.add(made)
    ctx.session.flush()
    for one in parts(ctx, made):
        said = {**import_options.told(one.options), "bundle": made.id}
        one.options = import_options.stored(Options.read(one.options), said)
    return made


def parts(ctx: Context, made: ImportRun) -> list[ImportRun]:
    """Return the runs of the files of a zip, in the order in which they are imported."""
    ids: list[int] = import_options.told(made.options).get("parts", [])
    rows = ctx.session.execute(
        select(ImportRun).where(ImportRun.id.in_(ids)), execution_options={"populate_existing": True}
    ).scalars()
    return sorted(rows, key=lambda run: ids.index(run.id))


def left(made: ImportRun) -> list[Left]:
    """Return the files of a zip that are not imported, with the reasons."""
    return [Left(name, why) for name, why in import_options.told(made.options).get("left", [])]


@unit
def choose(ctx: Context, run_id: int, kinds: dict[int, str], options: Options) -> None:
    """Keep what the files of a zip hold (run → entity, "" for none), where their ids come from, and what to do with
    what is there already. Raises Refuse when a run has begun, Invalid for choices that there are not.
    """
    made = importing.get(ctx, run_id)
    importing.still(made)
    offered: dict[str, Entity] = {kind.key: kind for kind in importing.offered(ctx)}
    former = Options.read(made.options).system
    system = options.system or former
    for one in parts(ctx, made):
        entity = kinds.get(one.id, one.entity)
        if entity and entity not in offered:
            raise Invalid({"entity": _("Choose what the file holds.")})
        if entity and entity != Options.read(one.options).entity:
            importing.turn_into(ctx, one, entity)
        one.entity = entity
        own = Options.read(one.options)
        named = own.system if _is_profiled(one) and system == former else system  # a profile knows its system
        chosen = replace(own, duplicates=options.duplicates, system=named)
        one.options = import_options.stored(chosen, import_options.told(one.options))
        if entity:
            _fitted(ctx, one, system)
    said = import_options.told(made.options)
    said["parts"] = [one.id for one in sorted(parts(ctx, made), key=lambda run: rank(ctx, run.entity))]
    made.options = import_options.stored(Options(duplicates=options.duplicates, system=system), said)


@unit
def begin(ctx: Context, run_id: int) -> None:
    """Import the files of a zip in the background one after another, or go on. Raises Refuse when all is over."""
    made = importing.get(ctx, run_id)
    some = [one for one in parts(ctx, made) if one.entity and one.state not in ("done", "undone", "undoing")]
    for one in some:
        importing.begin(ctx, one.id)
    made.state = "running" if some else "done"


@unit
def pause(ctx: Context, run_id: int) -> None:
    """Let all files of a zip that are not done rest."""
    for one in parts(ctx, importing.get(ctx, run_id)):
        importing.pause(ctx, one.id)


@unit
def cancel(ctx: Context, run_id: int) -> None:
    """End the import of the files of a zip; what was imported stays."""
    for one in parts(ctx, importing.get(ctx, run_id)):
        importing.cancel(ctx, one.id)


@unit
def discard(ctx: Context, run_id: int) -> None:
    """Forget a zip that has not begun."""
    made = importing.get(ctx, run_id)
    for one in parts(ctx, made):
        importing.discard(ctx, one.id)
    importing.discard(ctx, run_id)


@unit
def undo(ctx: Context, run_id: int) -> None:
    """Have what the files of a zip brought taken back, the last file first."""
    for one in reversed(parts(ctx, importing.get(ctx, run_id))):
        if one.state in ("done", "cancelled") and one.operation_id is not None:
            import_undo.ask(ctx, one.id)


def state(ctx: Context, made: ImportRun) -> str:
    """Return the state of a zip: that of its files together."""
    found = [one.state for one in parts(ctx, made) if one.entity]
    if made.state == "preview" or not found:
        return made.state
    for some in ("running", "undoing", "cancelling", "pausing"):
        if some in found:
            return some
    if "waiting" in found:
        return "running"
    return next((some for some in ("paused", "cancelled", "undone") if some in found), "done")


def import_zip(
    ctx: Context, path: Path, duplicates: str, *, match: str = "", system: str = ""
) -> Iterator[tuple[str, importing.Report]]:
    """Import the files of a zip here and now, one after another, and yield name and report of each; see `start`."""
    with path.open("rb") as stream:
        made = start(ctx, path.name, stream)
    chosen = Options(duplicates=importing.duplicates_of(duplicates), system=system_name(system))
    choose(ctx, made.id, {}, chosen)
    for one in [one for one in parts(ctx, made) if one.entity]:
        with ctx.unit():
            options = replace(Options.read(one.options), match=match)
            one.options = import_options.stored(options, import_options.told(one.options))
            one.state = "waiting"
        run_id, name = one.id, one.name
        import_running.run(ctx, run_id)
        yield name, importing.report(ctx, run_id)
    with ctx.unit():
        importing.get(ctx, made.id).state = "done"
