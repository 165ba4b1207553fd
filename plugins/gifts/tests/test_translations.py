from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.testing.clients import Person
from app.testing.factories import Make

from .. import gifts


def test_a_german_reads_german(as_role: Callable[..., Person], make: Make, app: Any) -> None:
    ana = make.contact()
    gifts.note(make.ctx(), ana.id, {"name": "Tee"})

    panel = as_role("admin", locale="de").get(f"/panel/gifts/gifts?on=contact:{ana.id}", htmx=True).text

    assert "Geschenke" in panel
    assert "„Tee“ als überreicht vermerken" in panel
