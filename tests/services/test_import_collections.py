"""Acceptance: whole collections of real files come in with a stated result for each, and come back the same.

`imports_expected.tsv` says for each table of other CRMs what it is taken for and what became of its rows; it is written
anew by WRITE_EXPECTED=1. A file that is not in it fails. What a collection leaves in Kith goes out as JSON Lines, into
an empty Kith and out again: both exports say the same, but for the identifiers that each Kith gives and when it did so.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.formats.profiles import catalogue
from app.kernel.errors import Invalid
from app.models import ImportRun
from app.services import exporting, importing, records
from app.services.bulk_choice import Chosen
from app.services.context import HouseContext
from app.services.exporting import Wanted
from app.services.import_options import Options
from app.testing.factories import Make

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/data"
BASE = SHARED if SHARED.is_dir() else ROOT / "tests/data/tables"
EXPECTED = ROOT / "tests/data/imports_expected.tsv"
NAMES = "file\tprofile\trecords\tcreated\tupdated\tskipped\tfailed\twhy"
FOLDERS = ("crm_exports", "contacts", "csv", "xlsx")
ENTITIES = ("company", "contact", "interaction", "task")
OWN = ("uid", "created_at", "updated_at", "source", "last_interaction_at")
"""What each Kith says of a record by itself."""

_REF = re.compile(r" \[[0-9a-f-]{36}\]")


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("administrator"))


def exports() -> list[Path]:
    return sorted((BASE / "crm_exports").rglob("*.csv"))


def result(ctx: HouseContext, path: Path) -> str:
    """Import a file and say in one line what became of it."""
    name = path.relative_to(BASE).as_posix()
    try:
        report = importing.import_file(ctx, path, duplicates="create")
    except Invalid as refused:
        return "\t".join([name, "", "", "", "", "", "", " ".join(refused.problems.values())])
    made = ctx.session.get_one(ImportRun, report.run_id)
    profile = catalogue.find(Options.read(made.options).profile)
    counts = map(str, (report.created, report.updated, report.skipped, report.failed))
    why = next((sentence for _number, _words, sentence in report.lines), "")
    return "\t".join([name, profile.key if profile else "", made.entity, *counts, why])


def test_every_export_of_another_crm_comes_in_as_stated(ctx: HouseContext) -> None:
    found = [result(ctx, path) for path in exports()]
    if os.environ.get("WRITE_EXPECTED"):
        EXPECTED.write_text("\n".join([NAMES, *found]) + "\n", encoding="utf-8")
    lines = EXPECTED.read_text(encoding="utf-8").splitlines()[1:]
    names = {line.partition("\t")[0] for line in found}
    assert found == [line for line in lines if line.partition("\t")[0] in names]
    assert names == {line.partition("\t")[0] for line in lines} or not SHARED.is_dir()


def test_nothing_is_left_out_without_a_reason() -> None:
    rows = [line.split("\t") for line in EXPECTED.read_text(encoding="utf-8").splitlines()[1:]]
    silent = [row[0] for row in rows if (not row[3] or row[5] != "0" or row[6] != "0") and not row[7]]
    assert silent == []


def files(folder: str) -> Iterator[Path]:
    few = ROOT / "tests/data" / ("contacts" if folder == "contacts" else f"tables/{folder}")
    for path in sorted((SHARED / folder if SHARED.is_dir() else few).rglob("*")):
        known = path.suffix.lower() in (
            ".csv",
            ".vcf",
            ".ldif",
            ".json",
            ".xml",
            ".txt",
            ".xlsx",
            ".ods",
            ".xls",
        )
        if path.is_file() and known and not {"clean", "parameters"} & set(path.parts):
            yield path


def exported(ctx: HouseContext, entity: str) -> str:
    asked = Wanted(entity=entity, format="jsonl", chosen=Chosen(every=True))
    return "".join(exporting.text(ctx, asked))


def told(text: str) -> list[str]:
    """Return the records of an export in an order of their own, without what is a Kith's own."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    bare = [{key: value for key, value in row.items() if key not in OWN} for row in rows]
    return sorted(_REF.sub("", json.dumps(row, sort_keys=True, ensure_ascii=False)) for row in bare)


def emptied(ctx: HouseContext) -> None:
    for entity in reversed(ENTITIES):
        model = ctx.schema.entity(entity).model
        ids = list(ctx.session.execute(select(model.id).order_by(model.id)).scalars())
        for start in range(0, len(ids), 500):
            records.trash(ctx, entity, ids[start : start + 500])
            records.purge(ctx, entity, ids[start : start + 500])


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_a_collection_brings_goes_out_and_comes_back_the_same(
    ctx: HouseContext, tmp_path: Path, folder: str
) -> None:
    for path in files(folder):
        try:
            importing.import_file(ctx, path, duplicates="create")
        except Invalid:
            continue  # what is refused, and why, stands in the tables of what is expected
    first = {entity: exported(ctx, entity) for entity in ENTITIES}
    assert any(first.values()) or not SHARED.is_dir()
    emptied(ctx)
    for entity in ENTITIES:
        path = tmp_path / f"{entity}.jsonl"
        path.write_text(first[entity], encoding="utf-8")
        if first[entity]:
            report = importing.import_file(ctx, path, entity=entity, duplicates="create")
            assert report.failed == 0, report.lines[:3]
    for entity in ENTITIES:
        assert told(exported(ctx, entity)) == told(first[entity])
