"""A wide and messy file of leads that names nobody comes in through the import, and its counts are those of the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.sdk.models import Contact
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..leads.models import Lead

NAME = "x_education_leads.csv"
CHOSEN = {"Lead Number": "topic", "Lead Source": "channel", "Lead Origin": "utm_medium", "Tags": "message"}


@pytest.fixture(params=["few", pytest.param("all", marks=pytest.mark.long)])
def file(request: pytest.FixtureRequest) -> Path:
    """The file: sixty rows of it here, all of them beside the checkout."""
    few = Path(__file__).parent / "data" / NAME
    return few if request.param == "few" else request.getfixturevalue("shared_data") / "leads" / NAME


def test_counts_by_source_and_origin_are_those_of_the_file(
    as_role: Callable[..., Person], make: Make, run_jobs: Callable[[], int], file: Path
) -> None:
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        given = list(reader)
        columns = list(reader.fieldnames or ())
    person = as_role("manager")
    sent = {"file": FileStorage(io.BytesIO(file.read_bytes()), NAME), "entity": "sales.lead"}
    boundary, body = encode_multipart(sent)
    kind = f'multipart/form-data; boundary="{boundary}"'
    url = person.post("/import", body, content_type=kind).location
    chosen = {f"m{n}": f"field:{CHOSEN[name]}" if name in CHOSEN else "" for n, name in enumerate(columns)}
    person.post(url, {"do": "look", **chosen})
    person.post(url, {"do": "go", "duplicates": "create"})
    while run_jobs():
        pass

    ctx = make.ctx()
    assert len(columns) == 37
    assert ctx.session.scalar(select(func.count(Lead.id))) == len(given)
    assert ctx.session.scalar(select(func.count(Contact.id))) == 0
    for column, name in (
        (Lead.channel, "Lead Source"),
        (Lead.utm_medium, "Lead Origin"),
        (Lead.message, "Tags"),
    ):
        counted: Any = ctx.session.execute(select(column, func.count(Lead.id)).group_by(column)).all()
        assert dict(counted) == Counter(row[name].strip() for row in given)
    numbers = set(ctx.session.execute(select(Lead.topic)).scalars())
    assert numbers == {row["Lead Number"] for row in given}
    listed = soup(person.get("/list/sales.lead?where=channel+%3D+%22Olark+Chat%22&count=1"))
    assert listed.select_one("table, .empty") is not None
