"""The history of a lead tells what the program noted about it, and nobody takes that back there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.sdk.services import records
from app.testing import Make, soup

AsRole = Callable[..., Any]


def test_when_somebody_was_first_reached_is_not_taken_back_in_the_history(
    as_role: AsRole, make: Make
) -> None:
    """It is what the time of response is measured by."""
    lead = make("sales.lead", person="Ana Lima")
    reached = {"first_contact_at": datetime(2026, 11, 2, 9, tzinfo=UTC), "person": "Ana Reis"}
    records.update(make.ctx(), "sales.lead", lead.id, reached)

    page = soup(as_role("admin").get(f"/history/sales.lead/{lead.id}"))

    assert "First contact" in page.select_one(".changes").get_text(" ")
    assert [i["value"] for i in page.select("input[name='field']")] == ["person"]
