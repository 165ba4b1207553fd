"""What an import would do, without doing it: the very same steps, rolled back, and what was said of each row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from app.formats.card import Card
from app.formats.csv_table import Table
from app.formats.csv_texts import Texts
from app.kernel.context import Context
from app.models import ImportRun
from app.services import import_options, import_pictures, jobs
from app.services.import_faults import Fault, Faults
from app.services.import_fields import Reader
from app.services.import_matching import Matcher
from app.services.import_options import Options
from app.services.import_reading import Item, encoding_of, format_of, items, table
from app.services.import_rows import GROUP, Row, learn, words
from app.services.import_running import content, matched, prepared, within
from app.services.import_writing import write

AT_ONCE = 300
"""Finds that are looked at while the page is made; of a longer file the rest is looked at in the background."""

SAMPLE = 5
PROBLEMS = 50
BATCH = 100
TELL = 2000
JOB = "import.check"


@dataclass(kw_only=True)
class Checked:
    """What was found so far: people and companies that are new or there already, groups, and rows that are left out.

    `problems` are (line, words, sentences) of rows of which there is something to say, the first fifty; `faults` the
    same by kind, counted; `unchanged` are those there already to which the file adds nothing; `whole` tells that the end of the file was reached.
    """

    looked: int = 0
    new: int = 0
    known: int = 0
    unchanged: int = 0
    groups: int = 0
    lost: int = 0
    noted: int = 0
    whole: bool = False
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: Row, faults: Faults) -> None:
        """Count a row."""
        self.looked = row.item.number
        if row.entity == GROUP:
            self.groups += 1
        elif row.outcome in ("failed", "noted"):
            self.lost += row.outcome == "failed"
            self.noted += row.outcome == "noted"
        else:
            self.known += row.match is not None
            self.unchanged += row.match is not None and row.outcome == "skipped"
            self.new += row.match is None
        if not row.said or row.entity == GROUP:
            return
        if len(self.problems) < PROBLEMS:
            self.problems.append((row.item.line, words(row.item), " ".join(row.said)))
        faults.add(row.outcome, row.said, row.item.line or row.item.number, words(row.item))
        self.faults = faults.told()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One of the first finds as it will look: texts by field key, and who it is if it is there already."""

    number: int
    entity: str
    name: str
    company: str
    emails: Sequence[str]
    phones: Sequence[str]
    tags: Sequence[str]
    known: str
    kept: int
    details: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A file before it is imported; `table` is None for formats without columns."""

    format: str
    encoding: str
    table: Table | None
    samples: Sequence[Sample]
    checked: Checked


def preview(ctx: Context, made: ImportRun) -> Preview:
    """Return what a run would do with its present choices; leaves no trace."""
    run_id, name, options = made.id, made.name, Options.read(made.options)
    said = import_options.told(made.options).get("check", {})
    data = content(ctx, run_id)
    known = Checked(**said["found"]) if said.get("of") == mark(options) else Checked()
    found = items(data, name, options)
    rows: list[Row] = []
    looked, faults = Checked(), Faults(ctx, options.entity)
    for batch in _batches(ctx, islice(found, BATCH if known.looked else AT_ONCE), options):
        rows += batch
        for row in batch:
            looked.add(row, faults)
    looked.whole = next(found, None) is None
    checked = looked if looked.whole or looked.looked > known.looked else known
    return Preview(
        format=format_of(data, name),
        encoding=encoding_of(data, options),
        table=table(data, name, options),
        samples=[_sample(row) for row in rows if row.keys is not None][:SAMPLE],
        checked=checked,
    )


def _batches(ctx: Context, found: Iterator[Item], options: Options) -> Iterator[list[Row]]:
    matcher = Matcher(ctx, options.system)
    reader = Reader(ctx, options.entity, options)
    while whole := list(islice(found, BATCH)):
        batch = [_light(item) for item in whole]
        learn(batch, options, reader)
        rows = [prepared(ctx, item, options, reader) for item in batch]
        matched(matcher, rows)
        _try(ctx, rows, options)
        import_pictures.told(ctx, rows, import_pictures.of_cards(whole), options)
        yield rows


def _light(item: Item) -> Item:
    """Return a find without its picture: to try that would leave a file behind."""
    if not isinstance(item.found, Card) or item.found.photo is None:
        return item
    return replace(item, found=replace(item.found, photo=None))


class _Enough(Exception):
    """Ends a unit that must leave no trace."""


def _try(ctx: Context, rows: Sequence[Row], options: Options) -> None:
    """Let each row have the outcome and the sentences that the run would give it; all of it is rolled back.

    What an earlier batch would have made is not there: a row that is that again is not written, only known.
    """
    here = {row.item.number for row in rows}
    again = [
        row for row in rows if row.match is not None and not row.match.id and row.match.number not in here
    ]
    if options.duplicates == "create":
        again = []
    gone = {row.item.number for row in again}
    topics = list(ctx.topics)
    try:
        with within(ctx), ctx.unit():
            write(ctx, [row for row in rows if row.item.number not in gone], options)
            raise _Enough
    except _Enough:
        ctx.topics[:] = topics
    for row in again:
        row.outcome = "skipped" if options.duplicates == "skip" else "updated"
        row.said += [row.match.said()] if row.match is not None else []
    for row in rows:
        row.record_id = None


def _sample(row: Row) -> Sample:
    values = row.values
    place: Mapping[str, Any] = (values.get("affiliations") or [{}])[0]
    return Sample(
        number=row.item.number,
        entity=row.entity,
        name=row.name or row.uid,
        company=", ".join(filter(None, (place.get("title"), place.get("company")))),
        emails=[e["value"] for e in values.get("emails", ())],
        phones=[e["value"] for e in values.get("phones", ())],
        tags=values.get("tags", ()),
        known=row.match.said() if row.match is not None else "",
        kept=len(json.loads(values.get("extra", "[]"))),
        details=_details(row),
    )


def _details(row: Row) -> Sequence[str]:
    """Return what else a row of fields says, in its own words: the name stands above already."""
    if not isinstance(row.item.found, Texts) or row.entity in ("contact", "company"):
        return ()
    return [text[:80] for _name, text in row.item.found.cells if text != row.name][:4]


def mark(options: Options) -> str:
    """Return what tells the choices apart that change what a file says."""
    told = {**options.dump(), "owner_id": None, "tags": (), "team": False}
    return json.dumps(told, sort_keys=True)


def is_long(ctx: Context, made: ImportRun) -> bool:
    """Tell whether a file holds more than is looked at while the page is made."""
    found = items(content(ctx, made.id), made.name, Options.read(made.options))
    return next(islice(found, AT_ONCE, None), None) is not None


def ask(ctx: Context, made: ImportRun) -> None:
    """Have the whole of a long file looked at in the background, once for each way of reading it."""
    said = import_options.told(made.options)
    options = Options.read(made.options)
    if said.get("check", {}).get("of") == mark(options):
        return
    _tell(made, options, Checked())
    jobs.enqueue(ctx, JOB, {"run": made.id}, key=f"{JOB}:{made.id}")


def _tell(made: ImportRun, options: Options, checked: Checked) -> None:
    said = import_options.told(made.options)
    said["check"] = {"of": mark(options), "found": asdict(checked)}
    made.options = import_options.stored(options, said)


def check_job(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `import.check`: look at a whole file and keep the counts with its run."""
    run_id = int(args["run"])
    made = ctx.session.get(ImportRun, run_id)
    if made is None or made.state != "preview":
        return
    options, name = Options.read(made.options), made.name
    checked, told, faults = Checked(), 0, Faults(ctx, options.entity)
    for batch in _batches(ctx, items(content(ctx, run_id), name, options), options):
        for row in batch:
            checked.add(row, faults)
        if checked.looked - told >= TELL:
            told = checked.looked
            if not _kept(ctx, run_id, options, checked):
                return
    checked.whole = True
    _kept(ctx, run_id, options, checked)


def _kept(ctx: Context, run_id: int, options: Options, checked: Checked) -> bool:
    """Keep the counts so far; False when other choices were made meanwhile."""
    with ctx.unit():
        made = ctx.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
        if made is None or made.state != "preview":
            return False
        present = Options.read(made.options)
        if mark(present) != mark(options):
            return False
        _tell(made, present, checked)
    return True


def counted(ctx: Context, made: ImportRun, options: Options) -> Checked:
    """Return what the whole file would give, looked at here and now; for the command line."""
    checked, faults = Checked(), Faults(ctx, options.entity)
    for batch in _batches(ctx, items(content(ctx, made.id), made.name, options), options):
        for row in batch:
            checked.add(row, faults)
    checked.whole = True
    return checked
