"""What the first look at a list costs over the wire: the page, style, script and icons; the font comes after the text."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.models import User
from app.services.context import as_system
from app.testing.clients import Person

pytestmark = pytest.mark.browser  # not a second time on PostgreSQL: bytes are the same there

MOST = 45_000
PACKED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
LATER = ("font", "manifest", "logo", "apple-touch", "palette")
"""What a browser asks for after the page is there, or only when it is used."""


def test_the_first_view_of_the_contacts_is_light(demo: Flask) -> None:
    with demo.app_context():
        user = as_system("weight").session.query(User).filter_by(email="priya@northlight.example").one()
        person = Person(demo, user)
    page = person.get("/contacts").text
    own = len(person.get("/contacts", headers=PACKED).data)
    files = {f for f in re.findall(r'(?:href|src)="(/static/[^"#]+)', page) if not any(w in f for w in LATER)}
    weights = {name: len(person.get(name, headers=PACKED).data) for name in files}
    assert own + sum(weights.values()) <= MOST, {"page": own, **weights}
    swap = len(person.get("/contacts", headers=PACKED, htmx=True).data)
    assert swap <= 10_000
