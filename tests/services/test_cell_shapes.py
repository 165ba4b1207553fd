"""A cell written as JSON of any shape: the row says what is wrong with it, and the others come in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Affiliation, EmailAddress, PostalAddress
from app.services import importing
from app.testing.factories import Make

LISTS = {
    "contact": (
        "emails",
        "phones",
        "links",
        "addresses",
        "addresses.more",
        "affiliations",
        "relations",
        "tags",
        "do_not_contact",
        "dates",
    ),
    "company": ("emails", "phones", "links", "addresses", "domains", "tags"),
    "task": ("mates", "about", "remind", "checklist"),
    "interaction": ("contacts", "users", "about"),
}
NAMED = {"contact": "name", "company": "name", "task": "summary", "interaction": "subject"}
WRONG = (
    "5",
    "{}",
    "[5]",
    "[[]]",
    "[null]",
    "[{",
    "NaN",
    "true",
    '[{"value": {}}]',
    '[{"value": 5}]',
    '[{"nonsense": "x"}]',
    '[{"company_id": 99999999999999999999}]',
    '[{"other_id": "one", "type": []}]',
    '[{"channel": "nonsense"}]',
    '[{"\\ud800": "x"}]',
    "[" * 50_000,
)
NOTE = {"kind": "note", "occurred_at": "2026-02-28 14:30"}
TEXTS = ["json:[]", "json:null", 'json:"some text"', "some text", '["some text', '["a", 5]']
SINGLE = ("{}", "[[]]", "1e999", '"nonsense\\u0000"', "null", "9" * 5_000)


def table(folder: Path, name: str, key: str, cells: list[str]) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((name, key))
        rows.writerows((f"Row {n}", cell) for n, cell in enumerate(cells))
        rows.writerow(("Last of all", ""))
    return path


def taken(make: Make, folder: Path, entity: str, key: str, cells: list[str]) -> importing.Report:
    path = table(folder, NAMED[entity], key, cells)
    mapping = {0: f"field:{NAMED[entity]}", 1: f"field:{key}"}
    more: dict[str, Any] = {"defaults": NOTE} if entity == "interaction" else {}
    return importing.import_file(make.ctx(), path, entity=entity, mapping=mapping, **more)


EVERY = [(entity, key) for entity, keys in LISTS.items() for key in keys]


@pytest.mark.parametrize(("entity", "key"), EVERY)
def test_a_list_of_another_shape_is_said_and_the_other_rows_come_in(
    make: Make, tmp_path: Path, entity: str, key: str
) -> None:
    done = taken(make, tmp_path, entity, key, [f"json:{text}" for text in WRONG])
    assert (done.created, done.failed) == (1, len(WRONG))
    assert [line[0] for line in done.lines] == list(range(1, len(WRONG) + 1))
    told = {line[2].partition(": ")[2] for line in done.lines}
    assert "This is no valid JSON. Correct it, or export the records again." in told
    assert not any("database could not" in sentence for sentence in told)


@pytest.mark.parametrize(("entity", "key"), EVERY)
def test_no_text_in_a_list_field_ends_an_import(make: Make, tmp_path: Path, entity: str, key: str) -> None:
    done = taken(make, tmp_path, entity, key, TEXTS)
    assert done.created + done.failed == len(TEXTS) + 1
    assert done.created >= 2  # nothing, and the last row


@pytest.mark.parametrize(
    ("entity", "key"),
    [
        ("contact", "given_name"),
        ("contact", "keep_in_touch_days"),
        ("contact", "owner_id"),
        ("contact", "birthday"),
        ("company", "annual_revenue"),
        ("company", "parent_id"),
        ("task", "due_at"),
        ("task", "after_done"),
    ],
)
def test_no_json_in_a_field_of_one_value_ends_an_import(
    make: Make, tmp_path: Path, entity: str, key: str
) -> None:
    done = taken(make, tmp_path, entity, key, [f"json:{text}" for text in SINGLE])
    assert done.created + done.failed == len(SINGLE) + 1
    assert done.failed >= 2
    assert done.created >= 2  # null, and the last row
    assert not any("database could not" in line[2] for line in done.lines)


def test_entries_of_the_right_shape_come_in(make: Make, tmp_path: Path) -> None:
    given = '[{"value": "ana@acme.example", "kind": "work"}, {"value": ""}, {"kind": "home"}]'
    assert taken(make, tmp_path, "contact", "emails", [f"json:{given}"]).failed == 0
    found = make.ctx().session.execute(select(EmailAddress.value, EmailAddress.kind)).all()
    assert [tuple(row) for row in found] == [("ana@acme.example", "work")]


def test_a_company_or_an_address_in_one_plain_cell_is_taken(make: Make, tmp_path: Path) -> None:
    firm = make.company(name="Acme")
    assert taken(make, tmp_path, "contact", "affiliations", ["Acme"]).failed == 0
    assert taken(make, tmp_path, "contact", "addresses", ["1 High Street, Leeds"]).failed == 0
    seen = make.ctx()
    works = seen.session.execute(select(Affiliation.company_id)).scalars().all()
    assert works == [firm.id]
    assert seen.session.execute(select(PostalAddress.label)).scalars().all() == ["1 High Street, Leeds"]
