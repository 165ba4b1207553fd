"""One submit of a form says everything that is to be fixed: what cannot be understood, and what the change would refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.models import Company, Contact
from app.testing.clients import Person, soup
from app.testing.factories import Make

AsRole = Callable[..., Person]
NO_MAIL = {"emails-there": "1", "emails-0-value": "no mail"}


def wrong(page: object) -> set[str]:
    """Return the names of the fields with a sentence beside them."""
    marked = soup(page).select("[id$='-e']")  # type: ignore[arg-type]
    return {str(found["id"]).removeprefix("f-").removesuffix("-e").partition("-")[0] for found in marked}


@pytest.mark.parametrize("name", ["", "x" * 301])
def test_a_new_company_says_all_of_it_at_once(as_role: AsRole, make: Make, name: str) -> None:
    page = as_role("admin").post("/companies/new", {"name": name, **NO_MAIL})

    assert page.status_code == 422
    assert wrong(page) == {"name", "emails"}
    assert make.ctx().session.scalar(select(func.count()).select_from(Company)) == 0


def test_a_new_contact_says_all_of_it_at_once(as_role: AsRole, make: Make) -> None:
    page = as_role("admin").post("/contacts/new", {"line": "", "given_name": "x" * 201, **NO_MAIL})

    assert wrong(page) == {"given_name", "emails"}
    assert make.ctx().session.scalar(select(func.count()).select_from(Contact)) == 0


def test_an_edited_company_says_all_of_it_at_once_and_stays(as_role: AsRole, make: Make) -> None:
    acme = make.company(name="Acme")

    page = as_role("admin").post(f"/companies/{acme.id}/edit", {"name": "x" * 301, **NO_MAIL})

    assert page.status_code == 422
    assert wrong(page) == {"name", "emails"}
    assert make.ctx().session.scalars(select(Company.name)).all() == ["Acme"]
