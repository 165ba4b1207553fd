"""What an import would do, without doing it: the first rows as they will look, and how many are new or there already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from app.formats.csv_table import Table
from app.formats.csv_texts import Texts
from app.kernel.context import Context
from app.models import ImportRun
from app.services import import_options, jobs
from app.services.import_fields import Reader
from app.services.import_matching import Matcher
from app.services.import_options import Options
from app.services.import_reading import Item, encoding_of, format_of, items, table
from app.services.import_rows import GROUP, Row, words
from app.services.import_running import content, matched, prepared

AT_ONCE = 300
"""Finds that are looked at while the page is made; of a longer file the rest is looked at in the background."""

SAMPLE = 5
PROBLEMS = 50
BATCH = 200
TELL = 2000
JOB = "import.check"


@dataclass(kw_only=True)
class Checked:
    """What was found so far: people and companies that are new or there already, groups, and rows that are left out.

    `problems` are (line, words, sentence), the first fifty; `whole` tells that the end of the file was reached.
    """

    looked: int = 0
    new: int = 0
    known: int = 0
    groups: int = 0
    lost: int = 0
    noted: int = 0
    whole: bool = False
    problems: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Count a row."""
        self.looked = row.item.number
        if row.entity == GROUP:
            self.groups += 1
        elif row.keys is not None:
            self.known += row.match is not None
            self.new += row.match is None
        else:
            self.lost += row.outcome == "failed"
            self.noted += row.outcome == "noted"
        if row.keys is None and row.entity != GROUP and len(self.problems) < PROBLEMS:
            self.problems.append((row.item.line, words(row.item), " ".join(row.said)))


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
    """Return what a run would do with its present choices; writes nothing."""
    options = Options.read(made.options)
    data = content(ctx, made.id)
    rows: list[Row] = []
    checked = Checked()
    found = items(data, made.name, options)
    for batch in _batches(ctx, islice(found, AT_ONCE), options):
        rows += batch
        for row in batch:
            checked.add(row)
    checked.whole = next(found, None) is None
    said = import_options.told(made.options).get("check", {})
    if not checked.whole and said.get("of") == mark(options) and said["found"]["looked"] > checked.looked:
        checked = Checked(**said["found"])
    return Preview(
        format=format_of(data, made.name),
        encoding=encoding_of(data, options),
        table=table(data, made.name, options),
        samples=[_sample(row) for row in rows if row.keys is not None][:SAMPLE],
        checked=checked,
    )


def _batches(ctx: Context, found: Iterator[Item], options: Options) -> Iterator[list[Row]]:
    matcher = Matcher(ctx)
    reader = Reader(ctx, options.entity, options)
    while batch := [prepared(ctx, item, options, reader) for item in islice(found, BATCH)]:
        matched(matcher, batch)
        yield batch


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
    told = {**options.dump(), "duplicates": "", "owner_id": None, "tags": (), "team": False}
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
    checked, told = Checked(), 0
    for batch in _batches(ctx, items(content(ctx, run_id), name, options), options):
        for row in batch:
            checked.add(row)
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
    checked = Checked()
    for batch in _batches(ctx, items(content(ctx, made.id), made.name, options), options):
        for row in batch:
            checked.add(row)
    checked.whole = True
    return checked
