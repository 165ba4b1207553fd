"""Values of fields as people read them."""

from __future__ import annotations

from typing import Any

from app.services import records
from app.testing.factories import Make


def test_further_dates_are_said_as_the_reader_writes_days(make: Make, as_role: Any) -> None:
    ana = make.contact(given_name="Ana")
    records.update(make.ctx(), "contact", ana.id, {"dates": "Contract ends: 2027-03-31\nName day: --07-26"})

    page = as_role("administrator").get(f"/contacts/{ana.id}").text

    assert "Contract ends" in page
    assert "March 31, 2027" in page
    assert "July 26" in page
    assert "2027-03-31" not in page
