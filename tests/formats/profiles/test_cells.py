"""Cells of foreign exports become what fields here expect; what cannot be understood stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.formats.csv_dates import DateOrder
from app.formats.profiles import hubspot
from app.formats.profiles.cells import TRANSFORMS, Told

NO_ROW: Mapping[str, str] = {}


def cell(step: str, text: str, argument: str = "", row: Mapping[str, str] = NO_ROW) -> str:
    return TRANSFORMS[step](text, argument, Told(row, "Header", hubspot.CALL, DateOrder.UNKNOWN))


@pytest.mark.parametrize(
    ("step", "text", "argument", "expected"),
    [
        ("lines", "a; b;;c", ";", "a\nb\nc"),
        ("lines", "a, b;c", ",;", "a\nb\nc"),
        ("commas", "gold;north", ";", "gold, north"),
        ("first", "9002;9001", ";", "9002"),
        ("several", "9002", ";", ""),
        ("bare", "Ana Lima (ana@x.pt)\nRui", "", "Ana Lima\nRui"),
        ("starts", "0035e00000XyZaB", "003/00Q", "0035e00000XyZaB"),
        ("starts", "0015e00000AbCdE", "003/00Q", ""),
        ("short", "0035e00000XyZaBAAV", "", "0035e00000XyZaB"),
        ("short", "not an id of eight", "", "not an id of eight"),
        ("typed", "1\n2", "company", "company#1\ncompany#2"),
        ("parent", "Accounts", "", ""),
        ("parent", "zcrm_5", "", "contact/company/sales.deal#zcrm_5"),
        ("words", "No  Answer", "call", "no_answer"),
        ("words", "Brand new", "call", "Brand new"),
        ("yes", "TRUE", "email", "email"),
        ("yes", "0", "email", ""),
        ("html", "<p>Tom &amp; Jo</p><ul><li>a<li>b</ul>", "", "Tom & Jo\n\na\nb"),
        ("html", "1 < 2 and 3 > 2", "", "1 < 2 and 3 > 2"),
        ("html", "<script>alert(1)</script><p>x</p>", "", "x"),
        ("named", "x", "", "Header: x"),
        ("behind_comma", "Acme, Inc, Ana Lima", "", "Ana Lima"),
        ("number_of_id", "__export__.res_partner_12_1f2e3d", "", "12"),
        ("number_of_id", "base.main_partner", "", "base.main_partner"),
        ("prefix", "12", "note", "note:12"),
        ("clock", "9:05:00", "", "09:05"),
        ("seconds", "1:02:03", "", "3723"),
        ("seconds", "03:20", "", "200"),
        ("minutes", "90", "", "5400"),
        ("minutes", "00:45", "", "2700"),
        ("milliseconds", "125000", "", "125"),
        ("milliseconds", "00:02:05", "", "125"),
        ("number", "€ 1,200.50", "", "1,200.50"),
        ("number", "42000.0", "", "42000"),
        ("number", "1.000", "", "1.000"),
        ("number", "none", "", "none"),
        ("json", '["a","b"]', "", "a\nb"),
        ("json", '[{"emailAddress":"a@x.pt"}]', "emailAddress", "a@x.pt"),
        ("json", "no json", "", "no json"),
    ],
)
def test_a_cell_becomes(step: str, text: str, argument: str, expected: str) -> None:
    assert cell(step, text, argument) == expected


def test_a_cell_depends_on_its_neighbours() -> None:
    row = {
        "parent type": "Contacts",
        "duration minutes": "30",
        "start": "2024-02-05 10:00",
        "end clock": "11:30",
    }
    assert cell("when", "7", "Parent Type=Contacts/Leads", row) == "7"
    assert cell("when", "7", "Parent Type=Accounts", row) == ""
    assert cell("not", "7", "Parent Type=Accounts", row) == "7"
    assert cell("without", "Ana", "Contact ID/Parent Type", row) == ""
    assert cell("without", "Ana", "Contact ID", row) == "Ana"
    assert cell("hours", "1", "Duration Minutes", row) == "5400"
    assert cell("since", "2024-02-05 11:30", "Start", row) == "5400"
    assert cell("since", "2024-02-05 09:30", "Start", row) == "", "an end before the begin says nothing"
    assert cell("time", "2024-02-05", "End Clock", row) == "2024-02-05 11:30:00"
