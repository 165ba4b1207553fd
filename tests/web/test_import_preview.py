"""What the preview of an import tells of its rows before anything is saved."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from app.models import Contact
from app.testing.clients import Person, soup
from app.testing.factories import Make

TEXT = "First name,Last name,Email,Stage\nAna,Lima,ana@acme.example,lead\n"


def test_faults_are_counted_and_their_rows_can_be_looked_at(as_role: Any, make: Make) -> None:
    manager: Person = as_role("manager")
    text = TEXT + "".join(f"Bo,Berg{n},not-an-email{n},<b>stage{n}\n" for n in range(12))
    sent = manager.post("/import", {"file": (io.BytesIO(text.encode()), "people.csv")})
    page = soup(manager.get(sent.headers["Location"]))

    told = page.select("#checking > ul > li")
    assert [li.select_one(".tag").text for li in told] == ["12 rows", "12 rows"]
    assert "E-mail: … has no @." in told[0].text
    assert "Stage: … is no choice for Stage." in told[1].text
    shown = told[1].select("details li")
    assert len(shown) == 10
    assert "“<b>stage0” is no choice" in shown[0].text
    assert "Line 3: Bo, Berg0, not-an-email0" in " ".join(shown[0].text.split())
    assert page.select("details b") == []
    assert "13 new" in page.select_one("[role=status]").text
    assert make.ctx().session.execute(select(Contact)).all() == []


def test_what_the_reader_of_a_file_could_not_read_is_said_in_the_readers_language(as_role: Any) -> None:
    manager: Person = as_role("manager", locale="de")
    even = "".join(f"Bo,Berg{n},bo{n}@acme.example,lead\n" for n in range(12))
    text = f"{TEXT}{even}Cy,Dax,cy@acme.example,lead,too,much\n"
    sent = manager.post("/import", {"file": (io.BytesIO(text.encode()), "people.csv")})
    page = soup(manager.get(sent.headers["Location"]))

    told = [li.text for li in page.select("#checking > ul > li")]
    assert any("Diese Zeile hat … Zellen, die anderen haben …." in one for one in told)
    assert "Zeile 15" in " ".join(page.select_one("#checking").text.split())


def test_why_a_file_is_not_taken_is_said_in_the_readers_language(as_role: Any) -> None:
    manager: Person = as_role("manager", locale="de")
    sent = manager.post("/import", {"file": (io.BytesIO(b""), "people.csv")})
    assert "Die Datei ist leer." in sent.text
