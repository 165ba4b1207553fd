"""The dry run of an import says of each row what the run will say, counts it by kind, and leaves no trace."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, inspect, select

from app.extensions import Base
from app.models import Contact, EmailAddress, ImportRow
from app.services import import_check, importing, records
from app.services.import_faults import Faults
from app.services.import_options import Options
from app.testing.factories import Make

PEOPLE = """First name,Last name,Email,Phone,Birthday,Stage
Ana,Lima,ana@acme.example,+351912345678,1980-02-03,lead
Bo,Berg,not-an-email,abc,1980-13-03,nonsense
Cy,Dax,cy@acme.example,,,
Cy,Dax,cy@acme.example,,13/13/1980,
Di,Eck,n/a,,,other
"""
FIRMS = "Name,E-mail,Phone,Website\nAcme,not-an-email,abc,not a web\nBolt,n/a,+351912345678,bolt.example\n"


def ran(make: Make, folder: Path, text: str, *, dry: bool, **more: Any) -> importing.Report:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return importing.import_file(make.ctx(), path, dry_run=dry, **more)


@pytest.mark.parametrize("duplicates", ["fill", "skip", "replace", "create"])
@pytest.mark.parametrize(("entity", "text"), [("contact", PEOPLE), ("company", FIRMS)])
def test_the_dry_run_says_what_the_run_says(
    make: Make, tmp_path: Path, entity: str, text: str, duplicates: str
) -> None:
    asked: dict[str, Any] = {"entity": entity, "duplicates": duplicates}
    dry = ran(make, tmp_path, text, dry=True, **asked)
    real = ran(make, tmp_path, text, dry=False, **asked)
    assert [line[1:] for line in dry.lines] == [line[1:] for line in real.lines]
    assert (dry.created, dry.failed) == (real.created, real.failed)
    assert (dry.updated, dry.skipped) == (real.updated, real.skipped)
    assert dry.lines


def test_rows_of_several_batches_are_known_again(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_check, "BATCH", 2)
    dry = ran(make, tmp_path, PEOPLE, dry=True, duplicates="skip")
    real = ran(make, tmp_path, PEOPLE, dry=False, duplicates="skip")
    assert [line[1:] for line in dry.lines] == [line[1:] for line in real.lines]


def counts(make: Make) -> dict[str, int]:
    ctx = make.ctx()
    there = inspect(ctx.session.connection()).get_table_names()
    tables = [table for name, table in Base.metadata.tables.items() if name in there]
    return {t.name: ctx.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_it_leaves_no_trace(make: Make, tmp_path: Path) -> None:
    before = counts(make)
    ran(make, tmp_path, PEOPLE, dry=True)
    after = counts(make)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"blob"}, "the file itself goes with the next sweep"


def test_what_a_house_requires_is_refused_beforehand(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(ctx: Any, kind: Any, values: Any, *, partial: bool = False) -> None:
        if values.get("family_name") == "Berg":
            raise records.Invalid({"family_name": "No Bergs here."})

    monkeypatch.setattr(records, "check", refused)
    dry = ran(make, tmp_path, PEOPLE, dry=True)
    assert dry.failed == 1
    assert any("No Bergs here." in said for _row, _words, said in dry.lines)


def test_what_is_no_address_goes_to_the_notes_and_knows_nobody(make: Make, tmp_path: Path) -> None:
    text = "First name,Last name,Email\nAna,Lima,n/a\nBo,Berg,n/a\n,,n/a\n"
    ran(make, tmp_path, text, dry=False)
    ctx = make.ctx()
    people = ctx.session.execute(select(Contact).order_by(Contact.id)).scalars().all()
    assert [(p.formatted_name, p.note) for p in people][:2] == [
        ("Ana Lima", "E-mail: n/a"),
        ("Bo Berg", "E-mail: n/a"),
    ]
    owners = ctx.session.execute(select(EmailAddress.contact_id)).scalars().all()
    assert set(owners) <= {p.id for p in people[2:]}, "of somebody with nothing else it stays"
    said = ctx.session.execute(select(ImportRow.message).order_by(ImportRow.number)).scalars().all()
    assert said[0].startswith("E-mail: “n/a” has no @.")


def test_faults_are_counted_by_kind_with_a_few_rows(make: Make) -> None:
    faults = Faults(make.ctx(), Options().entity)
    for n in range(25):
        faults.add("failed", [f"E-mail: “bad{n}” has no @. Stage: “s{n}” is no choice."], n, f"row {n}")
    faults.add("created", ["Birthday: “x” is no date."], 30, "w" * 500)
    told = faults.told()
    assert [(f["tone"], f["text"], f["count"], len(f["rows"])) for f in told] == [
        ("bad", "E-mail: … has no @.", 25, 10),
        ("bad", "Stage: … is no choice.", 25, 10),
        ("warn", "Birthday: … is no date.", 1, 1),
    ]
    assert told[0]["rows"][0] == (0, "row 0", "E-mail: “bad0” has no @.")
    assert len(told[2]["rows"][0][1]) == 160


def test_a_file_that_is_imported_again_has_nothing_new(make: Make, tmp_path: Path) -> None:
    ran(make, tmp_path, PEOPLE, dry=False, duplicates="fill")
    dry = ran(make, tmp_path, PEOPLE, dry=True, duplicates="fill")
    real = ran(make, tmp_path, PEOPLE, dry=False, duplicates="fill")
    assert (dry.created, dry.updated, dry.skipped) == (real.created, real.updated, real.skipped)
    assert dry.skipped


def test_a_picture_that_cannot_be_decoded_is_told_before(make: Make, tmp_path: Path, app: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "teal").save(out, "PNG")
    sent = {"Good": out.getvalue(), "Broken": out.getvalue()[:40]}
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nN:{name};;;;\r\nEMAIL:{name}@example.org\r\n"
        f"PHOTO;ENCODING=b;TYPE=PNG:{base64.b64encode(data).decode()}\r\nEND:VCARD\r\n"
        for name, data in sent.items()
    )
    (tmp_path / "people.vcf").write_text(cards, "utf-8")
    before = counts(make)["attachment"]

    def card(*, dry: bool) -> importing.Report:
        return importing.import_file(make.ctx(), tmp_path / "people.vcf", dry_run=dry, duplicates="fill")

    dry = card(dry=True)
    assert before == counts(make)["attachment"]
    real = card(dry=False)
    assert [line[2] for line in dry.lines] == [line[2] for line in real.lines]
    assert "among the files" in dry.lines[0][2]
    again = card(dry=True), card(dry=False)
    told = [(one.created, one.updated, one.skipped) for one in again]
    assert told[0] == told[1]
