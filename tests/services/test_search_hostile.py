"""Whatever is typed is text: signs of query languages mean nothing, nothing fails, and few statements are asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.services import search, search_texts
from app.services.context import acting
from app.testing.factories import Make

MOST = 10
"""Statements of a search. Of a text that is nearly several words, each that is looked up costs one
more; PostgreSQL has to be told which way to take to the text of entries."""


@pytest.fixture
def anna(make: Make) -> Any:
    """Somebody to be found, with a company, a task and an entry that says much."""
    company = make.company(name="And & Near Ltd", domains=["near.example"])
    made = make.contact(
        given_name="Anna",
        family_name="Near",
        emails=[{"value": "anna@near.example"}],
        phones=[{"value": "+351 912 345 678"}],
        tags=["100% sure"],
        affiliations=[{"company_id": company.id}],
    )
    make("task", summary="Send NEAR the offer")
    ctx = make.ctx()
    make("interaction", kind="note", subject="Offer", body="She said AND not OR", occurred_at=ctx.now)
    return made


@pytest.mark.parametrize(
    "text",
    [
        "anna AND near", "near*", '"anna near"', "NEAR(anna near)", "anna OR nobody", "NOT anna", "anna:near", "^anna",
        "doc:anna", "anna -near", "(anna", "anna)", "{anna}", "anna & near | x", "anna:*", "!anna", "<-> anna", "'anna",
        "anna'; DROP TABLE contact; --", "%anna%", "_nna", "a\\nna", "anna\x00", "\u202eanna", "anna" + " x" * 300, "\ud83d",
    ],
)  # fmt: skip
def test_signs_of_query_languages_are_text(text: str, anna: Any, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        search.find(ctx, text)
        for entity in search.searchable(ctx):
            search.find(ctx, text, entity=entity)


def test_words_that_are_operators_elsewhere_are_found(anna: Any, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        found = {text: {g.entity for g in search.find(ctx, text).groups} for text in ("AND", "near", "not")}
    assert found == {
        "AND": {"contact", "company", "interaction"},
        "near": {"contact", "company", "task"},
        "not": {"interaction"},
    }


def test_naughty_strings_do_no_harm(shared_data: Path, anna: Any, make: Make, queries: Any) -> None:
    folder = shared_data / "security"
    lines = json.loads((folder / "blns" / "blns.json").read_text(encoding="utf-8"))
    for name in ("sqli/Generic_SQLI.txt", "sqli/postgres-enumeration.txt", "xss/xss_payloads.txt"):
        lines += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
    ctx = make.ctx()
    busy = {}
    with acting(ctx):
        for line in lines:
            with queries() as seen:
                search.find(ctx, line)
            busy |= {line: len(seen)} if len(seen) > MOST + 6 else {}
    assert busy == {}


@pytest.mark.parametrize("text", ["anna", "near", "offer", "912 345", "annna", "an", "anna near offer"])
def test_few_statements_are_asked(text: str, anna: Any, make: Make, queries: Callable[[], Any]) -> None:
    ctx = make.ctx(make.user("manager"))
    with acting(ctx):
        search.find(ctx, "warm")
        with queries() as seen:
            search.find(ctx, text)
    choosing = 0 if search_texts.is_lite(ctx) else 3
    assert len(seen) <= MOST + choosing
