from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import Contact
from app.services.context import NOBODY, as_house, build, read_epoch, session
from app.testing.factories import Make


def test_the_house_sees_everything_and_the_session_is_nobodys_again_afterwards(
    app: Flask, make: Make
) -> None:
    make.contact()
    outside = build(NOBODY, read_epoch(session()), source="web")
    query = select(Contact.id)

    with as_house("a public form", source="form") as house:
        assert house.session.execute(query).scalars().all()
        assert house.source == "form"

    assert outside.session.execute(query).scalars().all() == []


def test_the_session_is_given_back_when_something_fails(app: Flask) -> None:
    outside = build(NOBODY, read_epoch(session()), source="web")

    with pytest.raises(LookupError), as_house("a public form"):
        raise LookupError

    assert outside.session.info["ctx"] is outside
