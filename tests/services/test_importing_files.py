"""Acceptance: every real address-book file goes through the import, and all that is in it is somewhere afterwards.

Where it is looked for: the records and everything on them as a vCard 4, their notes, and the report of the run. What
a file holds and how much of it can be kept is in `contacts_expected.tsv`; a file that is not there fails.
"""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from app.formats import vcard_write
from app.formats.csv_rows import cell_text
from app.formats.sniff import read
from app.kernel.context import Context
from app.models import Attachment, Company, Contact, ExternalId, ImportRow
from app.services import cards, importing
from app.testing.clients import Person
from app.testing.factories import Make

ROOT = Path(__file__).resolve().parents[2]


def _files_test() -> ModuleType:
    """The test of the readers, which counts what is in a file without them."""
    spec = importlib.util.spec_from_file_location(
        "contact_files", ROOT / "tests/formats/test_contact_files.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FILES = _files_test()


def everything(ctx: Context, run_id: int) -> list[str]:
    """All texts that the import left: records as vCards, UIDs, names of files, the report."""
    found: list[str] = []
    for contact in ctx.session.execute(select(Contact)).scalars():
        card = cards.to_card(ctx, contact.id)
        found += [vcard_write.write_vcard(card), *FILES.strings(FILES.asdict(card)), contact.extra]
    for company in ctx.session.execute(select(Company)).scalars():
        card = cards.company_card(ctx, company.id)
        found += [vcard_write.write_vcard(card), *FILES.strings(FILES.asdict(card)), company.extra]
    found += ctx.session.execute(select(ExternalId.value)).scalars()
    found += ctx.session.execute(select(Attachment.name)).scalars()
    for row in ctx.session.execute(select(ImportRow).where(ImportRow.run_id == run_id)).scalars():
        found += [row.words, row.message]
    return found


def kept(values: list[list[str]], texts: list[str], photos: set[str]) -> list[list[str]]:
    """The properties of which a word is nowhere; pictures are re-encoded, so they count as kept by being there."""
    plain = FILES.plain
    leaves = {plain(part) for text in texts for part in (text, *FILES.re.split(r"[\s,;:\\-]+", text))}
    text = "\0".join(leaves)

    def found(value: str) -> bool:
        wanted = plain(value)
        if value.rpartition(",")[2][:30] in photos or not wanted or wanted in leaves:
            return True
        words = [plain(word) for word in value.split()]
        return (len(wanted) > 3 and wanted in text) or all(word in leaves for word in words)

    return [leaf for leaf in values if not all(map(found, leaf))]


@pytest.mark.parametrize("row", FILES.rows_here(), ids=lambda row: row.file)
def test_a_file_is_imported_with_all_it_holds(row: Any, make: Make) -> None:
    path = FILES.CONTACTS / row.file
    ctx = make.ctx(make.user("manager"))
    report = importing.import_file(ctx, path, duplicates="create")
    groups = sum(1 for card in read(path.read_bytes(), path.name).cards if card.kind == "group")
    assert report.created == row.cards - groups
    assert report.skipped == groups
    photos = {
        FILES.base64.b64encode(card.photo.data).decode()[:30]
        for card in read(path.read_bytes(), path.name).cards
        if card.photo is not None and card.photo.data
    }
    with_photo = len(list(ctx.session.execute(select(Attachment.id))))
    assert with_photo == len(photos)
    _count, values = FILES.values_in(path.name, path.read_bytes())
    missing = kept(values, everything(ctx, report.run_id), photos)
    assert len(missing) <= row.in_file - row.kept, missing
    again = importing.import_file(ctx, path, duplicates="skip")
    assert (again.created, again.skipped) == (0, row.cards)


def naughty() -> list[str]:
    path = ROOT.parent / "shared/data/security/blns/blns.json"
    if not path.exists():
        pytest.skip("the naughty strings are not beside the checkout")
    strings = [text for text in json.loads(path.read_text(encoding="utf-8")) if text.strip()]
    return [text for text in strings if cell_text(text) and not set("\r\n") & set(text)]


def test_naughty_strings_are_stored_as_they_are_and_shown_as_text(
    make: Make, as_user: Any, tmp_path: Path
) -> None:
    user = make.user("manager")
    ctx = make.ctx(user)
    strings = naughty()
    path = tmp_path / "naughty.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(["Nickname", "E-mail", "Company", "Notes", "Odd"])
        writer.writerows([text, f"n{n}@example.org", text, text, text] for n, text in enumerate(strings))
    report = importing.import_file(ctx, path, duplicates="create")
    assert (report.created, report.failed) == (len(strings), 0)
    stored = ctx.session.execute(select(Contact).order_by(Contact.id)).scalars().all()
    for contact, text in zip(stored, strings, strict=True):
        wanted = cell_text(text)
        if len(wanted) <= 200:
            assert (contact.note, contact.nickname) == (wanted, wanted)
        else:
            assert contact.note.startswith(wanted)
        assert wanted in str(next(p.values[0] for p in cards.further(contact.extra) if p.name == "x-column"))
    person: Person = as_user(user)
    page = person.get(f"/import/{report.run_id}").get_data(as_text=True)
    assert "<script>alert" not in page
    marked = next(c for c, text in zip(stored, strings, strict=True) if text.startswith("<script>alert"))
    shown = person.get(f"/contacts/{marked.id}")
    assert shown.status_code == 200
    assert "<script>alert" not in shown.get_data(as_text=True)
