"""Finding records: the same answers on both databases, and nothing by what one may not see."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from app.models import FieldRule, Role, RoleGrant
from app.services import records, search, settings
from app.services.context import acting
from app.testing.factories import Make

Names = Callable[..., list[str]]


@pytest.fixture
def names(make: Make) -> Names:
    """Return the titles that a search finds, of one kind of record."""

    def found(text: str, entity: str = "contact", user: Any = None) -> list[str]:
        asked = make.ctx(user)
        with acting(asked):
            groups = search.find(asked, text, entity=entity).groups
        return [hit.title for group in groups for hit in group.hits]

    return found


@pytest.fixture
def elena(make: Make) -> Any:
    """A contact with everything one can be found by."""
    tavola = make.company(name="Tavola Foods", domains=["tavola.hu"])
    return make.contact(
        given_name="Elena",
        family_name="Kovács",
        phones=[{"value": "+36 30 123 4567"}],
        emails=[{"value": "ek@tavola.hu"}],
        tags=["Großkunde"],
        affiliations=[{"company_id": tavola.id, "title": "Head of Facilities"}],
    )


@pytest.mark.parametrize(
    "text",
    [
        "elena", "Kovács", "kovacs", "KOVACS elena", "ovac", "el", "k e", "tavola", "foods elena", "tavola.hu",
        "ek@tavola.hu", "ek@tav", "grosskunde", "+36 30 123 4567", "0036301234567", "30 123", "1234567",
        "06 30 123 4567", "facilities", "(30) 123-4567", "+36(30)1234567", "30/123.45.67", "٣٠ ١٢٣", "kovács, elena",
        "@tavola.hu", "KOVÁCS ELENA",
    ],
)  # fmt: skip
def test_one_is_found_by_any_part(text: str, elena: Any, names: Names, make: Make) -> None:
    make.contact(given_name="Marek", family_name="Dvořák", phones=[{"value": "+420 605 111 222"}])
    assert names(text) == ["Elena Kovács"]


@pytest.mark.parametrize(
    "text", ["zoltan", "99999", "elena dvorak", "", "   ", "…", '"', "%", "_", "\\", "AND"]
)
def test_what_does_not_fit_is_not_found(text: str, elena: Any, names: Names) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("given", "family", "queries"),
    [
        ("太郎", "田中", ["田中", "太郎", "田", "田中太郎"]),
        ("Ольга", "Петрова", ["ольга", "ПЕТРОВ"]),
        ("Γιώργος", "Παππάς", ["γιωργος", "παππας"]),
        ("محمد", "علي", ["محمد", "علي"]),
        ("Jürgen", "Müller", ["muller", "mueller", "juergen"]),
        ("Jean-Luc", "O'Brien", ["jeanluc", "jean luc", "obrien", "brien"]),
        ("आरती", "शर्मा", ["आरती", "शर्मा"]),
        ("민준", "김", ["김민준", "민준"]),
    ],
)
def test_names_of_any_script(given: str, family: str, queries: list[str], make: Make, names: Names) -> None:
    made = make.contact(given_name=given, family_name=family)
    make.contact(given_name="Ana", family_name="Lima")
    assert {q: names(q) for q in queries} == {q: [made.formatted_name] for q in queries}


def test_real_forenames_are_found_without_their_accents(shared_data: Path, make: Make, names: Names) -> None:
    with (shared_data / "names" / "common-forenames-by-country.csv").open(encoding="utf-8-sig") as file:
        wanted = [row["Localized Name"] for row in csv.DictReader(file)][::25]
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        for name in wanted:
            records.create(ctx, "contact", {"given_name": name})
    missed = [name for name in wanted if name not in names(name) or name not in names(name.upper())]
    assert missed == []


def test_real_numbers_are_found_as_they_are_written(shared_data: Path, make: Make, names: Names) -> None:
    with (shared_data / "phones" / "phone_examples.csv").open() as file:
        numbers = [row for row in csv.DictReader(file) if row["valid"] == "yes" and len(row["e164"]) > 8][
            ::12
        ]
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        for row in numbers:
            records.create(ctx, "contact", {"given_name": row["e164"], "phones": [{"value": row["e164"]}]})
    forms = [(row["e164"], row[form]) for row in numbers for form in ("e164", "national", "international")]
    missed = [(number, written) for number, written in forms if number not in names(written)]
    assert missed == []


def test_exact_names_come_first_then_mine(make: Make, names: Names) -> None:
    me = make.user("administrator")
    make.contact(given_name="Marianne", family_name="X")
    make.contact(given_name="Maria", family_name="Y")
    make.contact(given_name="Marina", family_name="Z", owner=me)
    make.contact(given_name="Anamaria", family_name="W")
    assert names("maria", user=me) == ["Maria Y", "Marianne X", "Anamaria W"]
    assert names("mar", user=me)[0] == "Marina Z"


def test_one_typo_is_forgiven_where_little_fits(elena: Any, make: Make) -> None:
    found = search.find(make.ctx(), "kovasc")
    assert found.corrected == "kovacs"
    assert [hit.title for group in found.groups for hit in group.hits] == ["Elena Kovács"]
    assert search.find(make.ctx(), "kvs").groups == ()


def test_a_changed_name_is_found_at_once_and_the_old_one_no_more(
    elena: Any, make: Make, names: Names
) -> None:
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "contact", elena.id, {"given_name": "Ilona", "phones": []})
    assert (names("ilona"), names("elena"), names("1234567")) == (["Ilona Kovács"], [], [])


def test_a_renamed_company_renames_what_its_people_are_found_by(elena: Any, make: Make, names: Names) -> None:
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "company", 1, {"name": "Zenith Bau"})
    assert names("zenith") == ["Elena Kovács"]
    assert names("tavola foods") == []


def test_companies_and_tasks_are_found_by_what_is_theirs(make: Make, names: Names) -> None:
    make.company(name="Tavola Foods", domains=["tavola.hu"], phones=[{"value": "+36 1 234 5678"}])
    make("task", summary="Send the revised quote", description="With the greenhouse on a line of its own")
    asked = {
        "tavola.hu": "company",
        "tavo": "company",
        "234 56": "company",
        "quote revis": "task",
        "greenh": "task",
    }
    assert {text: names(text, entity) for text, entity in asked.items()} == {
        "tavola.hu": ["Tavola Foods"],
        "tavo": ["Tavola Foods"],
        "234 56": ["Tavola Foods"],
        "quote revis": ["Send the revised quote"],
        "greenh": ["Send the revised quote"],
    }


def test_hits_of_one_kind_have_pages_that_miss_and_repeat_nobody(make: Make) -> None:
    rep = make.user("representative", team="north")
    _reach(make, "representative", "contact.view", "own")
    for number in range(23):
        mine = {"owner": rep} if number % 2 else {}
        make.contact(given_name="Anna" if number % 3 else "Annabel", family_name=f"Berg{number}", **mine)
    for user, wanted in ((None, 23), (rep, 11)):
        asked, after, found = make.ctx(user), 0, []
        with acting(asked):
            whole = [h.title for g in search.find(asked, "anna", entity="contact").groups for h in g.hits]
            while groups := search.find(asked, "anna", entity="contact", limit=4, after=after).groups:
                found += [hit.title for hit in groups[0].hits]
                after = groups[0].hits[-1].id
                if not groups[0].more:
                    break
        assert (found, len(found)) == (whole, wanted)


def test_what_is_in_the_trash_is_not_found(elena: Any, make: Make, names: Names) -> None:
    ctx = make.ctx()
    with acting(ctx):
        records.trash(ctx, "contact", [elena.id])
    assert names("elena") == []
    with acting(ctx):
        records.restore(ctx, "contact", [elena.id])
    assert names("elena") == ["Elena Kovács"]


def test_others_records_are_not_found_and_do_not_crowd_out_mine(make: Make, names: Names) -> None:
    rep = make.user("representative", team="north")
    _reach(make, "representative", "contact.view", "own")
    for number in range(60):
        make.contact(given_name="Anna", family_name=f"Foreign{number}")
    make.contact(given_name="Anna", family_name="Mine", owner=rep, team="north")
    assert names("anna", user=rep) == ["Anna Mine"]


def test_nobody_is_found_by_a_hidden_field(elena: Any, make: Make, names: Names) -> None:
    rep = make.user("representative")
    _reach(make, "representative", "contact.view", "all")
    assert names("1234567", user=rep) == ["Elena Kovács"]
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        role = ctx.session.query(Role).filter_by(name="representative").one()
        ctx.session.execute(insert(FieldRule).values(role_id=role.id, field="contact.phones", mode="hidden"))
        settings.bump(ctx, "permissions")
    assert (names("1234567", user=rep), names("kovacs", user=rep)) == ([], ["Elena Kovács"])


def test_nobody_is_found_by_a_company_out_of_sight(elena: Any, make: Make, names: Names) -> None:
    rep = make.user("representative")
    _reach(make, "representative", "contact.view", "all")
    _reach(make, "representative", "company.view", "own")
    assert (names("foods", user=rep), names("elena", user=rep)) == ([], ["Elena Kovács"])


def test_text_of_interactions_is_found_newest_first(make: Make) -> None:
    ctx = make.ctx()
    for subject in ("Lease terms", "Roof survey", "Lease renewal"):
        make(
            "interaction",
            subject=subject,
            kind="call",
            occurred_at=ctx.now,
            body="**Überdachung** vereinbart",
        )
    found = search.find(ctx, "lea uber", entity="interaction").groups[0]
    assert [hit.title for hit in found.hits] == ["Lease renewal", "Lease terms"]


def test_a_hit_says_why_it_was_found_and_can_be_called(elena: Any, make: Make) -> None:
    [group] = [g for g in search.find(make.ctx(), "grosskunde").groups if g.entity == "contact"]
    hit = group.hits[0]
    assert (hit.line, hit.phone, hit.initials) == ("Großkunde", "tel:+36-30-123-4567", "EK")


def _reach(make: Make, role: str, permission: str, reach: str) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        found = ctx.session.query(Role).filter_by(name=role).one()
        grants = ctx.session.query(RoleGrant).filter_by(role_id=found.id, permission=permission)
        if not grants.update({"reach": reach}):
            ctx.session.add(RoleGrant(role_id=found.id, permission=permission, reach=reach))
        settings.bump(ctx, "permissions")
