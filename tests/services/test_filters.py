"""The filter language on real records: what each question finds, who may ask what, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Select, func, insert, select

from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.errors import Invalid
from app.kernel.expr.tree import ExprError
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Contact, FieldRule, Role, Tag, TagLink
from app.services import filters, interactions, listing, records
from app.services import settings as site
from app.services.context import acting
from app.services.listing import Asked
from app.services.listing_filters import parse as chip
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin


def found(ctx: Context, text: str, entity: str = "contact") -> set[str]:
    """The family names (or titles) of what a list with an expression shows; Python must agree with the database."""
    with acting(ctx):
        rows = listing.page(ctx, entity, Asked(where=text)).rows
        model = ctx.schema.entity(entity).model
        every = set(ctx.session.execute(select(model.id)).scalars())
        assert {row.id for row in rows} == filters.matches(ctx, entity, text, every), text
    return {getattr(row, "family_name", None) or getattr(row, "name", None) or row.summary for row in rows}


def error(ctx: Context, text: str, entity: str = "contact") -> str:
    """The sentence that refuses an expression."""
    with acting(ctx), pytest.raises(ExprError) as caught:
        filters.criterion(ctx, entity, text)
    return caught.value.sentence


@pytest.fixture
def ctx(make: Make) -> Any:
    """An administrator among a few records."""
    user = make.user("administrator", name="Ana Reis", email="ana@house.example")
    parent = make.company(name="Távola Group", addresses=[{"locality": "Lisboa", "country": "Portugal"}])
    company = make.company(name="Tavola Foods", parent_id=parent.id, number_of_employees=40)
    make.contact(
        given_name="Elena",
        family_name="Kovács",
        email="e.kovacs@tavola.example",
        phone="+36 30 123 4567",
        lifecycle_stage="customer",
        tags=["Großkunde"],
        birthday="--02-29",
        affiliations=[{"company_id": company.id, "title": "Buyer"}],
        do_not_contact=[{"channel": "call", "reason": "asked"}],
        addresses=[{"locality": "São Paulo", "country_code": "BR"}],
    )
    make.contact(family_name="Lima", birthday="1980-11-22", note="50% off_now")
    make.contact(
        family_name="Gone",
        affiliations=[{"company_id": company.id, "title": "Cook", "ended_on": "2020-01-01"}],
    )
    return make.ctx(user)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"Kovács", "Lima", "Gone"}),
        ("family_name = KOVACS", {"Kovács"}),
        ("family_name != kovacs", {"Lima", "Gone"}),
        ("name contains ELENA", {"Kovács"}),
        ("name starts with elena", {"Kovács"}),
        ('note contains "50% off_"', {"Lima"}),
        ('note contains "50_"', set()),
        ("note is empty", {"Kovács", "Gone"}),
        ("email = E.Kovacs@Tavola.example", {"Kovács"}),
        ("email contains @tavola", {"Kovács"}),
        ('phone contains "123 45"', {"Kovács"}),
        ('phone = "+36 (30) 123-4567"', {"Kovács"}),
        ("stage = customer", {"Kovács"}),
        ("stage = Customer or stage = lead", {"Kovács"}),
        ("stage not in (customer, lead)", {"Lima", "Gone"}),
        ("tag = grosskunde", {"Kovács"}),
        ("tag != grosskunde", {"Lima", "Gone"}),
        ("tags is empty", {"Lima", "Gone"}),
        ("do_not_contact = call", {"Kovács"}),
        ("do_not_contact is empty", {"Lima", "Gone"}),
        ('city = "sao paulo"', {"Kovács"}),
        ("country = Brasil or country = PT", {"Kovács"}),
        ('addresses contains "são"', {"Kovács"}),
        ('company = "tavola foods"', {"Kovács"}),
        ("company is empty", {"Lima", "Gone"}),
        ("affiliations contains tavola", {"Kovács", "Gone"}),
        ("company.number_of_employees >= 40", {"Kovács"}),
        ("company.number_of_employees between 10 and 39.5", set()),
        ("company.parent.city = lisboa", {"Kovács"}),
        ("company.parent.country = PT", {"Kovács"}),
        ("title = buyer", {"Kovács"}),
        ("owner is empty", {"Kovács", "Lima", "Gone"}),
        ("owner != me", {"Kovács", "Lima", "Gone"}),
        ("owner = ana@house.example", set()),
        ("created = today and created within -1d", {"Kovács", "Lima", "Gone"}),
        ("created < 2020", set()),
        ("last_contact is empty", {"Kovács", "Lima", "Gone"}),
        ("last_contact < -30d", set()),
        ("birthday = 1980", {"Lima"}),
        ("birthday < -18y", {"Lima"}),
        ('birthday = "29 February"', {"Kovács"}),
        ("birthday is empty", {"Gone"}),
        ("birthday = this_year", {"Kovács", "Lima"}),
        ("not (stage = customer) and not (birthday is empty)", {"Lima"}),
    ],
)
def test_questions(text: str, expected: set[str], ctx: Context) -> None:
    assert found(ctx, text) == expected


def test_people_whose_birthday_comes(make: Make) -> None:
    ctx = make.ctx(make.user("administrator"))
    for name, birthday in (
        ("Eve", "--12-31"),
        ("New", "1999-01-02"),
        ("Leap", "2000-02-29"),
        ("Year", "1990"),
    ):
        make.contact(family_name=name, birthday=birthday)
    ctx.now = datetime(2026, 12, 30, 12, tzinfo=UTC)
    assert found(ctx, "birthday within +4d") == {"Eve", "New"}
    ctx.now = datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert found(ctx, "birthday = today") == {"Leap"}


def test_a_day_is_the_readers_day(make: Make) -> None:
    user = make.user("administrator", zone="Asia/Tokyo")
    make("task", summary="Late there", due_at=datetime(2026, 5, 1, 16, tzinfo=UTC), due_on="2026-05-02")
    ctx = make.ctx(user)
    assert found(ctx, "due_at = 2026-05-02", "task") == {"Late there"}
    assert found(ctx, "due_at = 2026-05-01", "task") == set()
    assert found(ctx, "due_at = 2026-05-02T01:00", "task") == {"Late there"}
    assert found(ctx, "due_at >= 2026-05-01T16:00Z and due_at < 2026-05-01T18:00+02:00", "task") == set()


def test_interactions_and_tasks_by_whom_and_what_they_are_about(make: Make, ctx: Context) -> None:
    elena = ctx.session.execute(select(Contact).where(Contact.family_name == "Kovács")).scalar_one()
    system = make.ctx()
    with acting(system):
        entry = interactions.Entry(values={"kind": "call", "subject": "Roof"}, contacts=(elena.id,))
        interactions.log(system, entry)
        records.create(system, "task", {"summary": "Offer", "about": [f"contact:{elena.id}"]})
    with acting(ctx):
        seen = [row.subject for row in listing.page(ctx, "interaction", Asked(where="contacts = Elena")).rows]
        assert seen == []
        where = 'contacts contains "kovacs" and contacts.stage = customer and about.company is empty'
        seen = [row.subject for row in listing.page(ctx, "interaction", Asked(where=where)).rows]
        assert seen == ["Roof"]
    assert found(ctx, "about.contact.company contains tavola", "task") == {"Offer"}
    assert found(
        ctx, "last_contact within -1d and name contains elena and affiliations.name contains foods"
    ) == {"Kovács"}


def test_tasks_by_their_checklist_and_their_reminders(make: Make, ctx: Context) -> None:
    make(
        "task", summary="Survey", checklist="[x] Measure the roof\n[ ] Send the öffer", remind=["10", "1440"]
    )
    make("task", summary="Offer", checklist="[x] Send the offer", remind=["60"])
    make("task", summary="Call")
    assert found(ctx, "checklist contains OFFER", "task") == {"Survey", "Offer"}
    assert found(ctx, 'checklist = "measure the roof"', "task") == {"Survey"}
    assert found(ctx, "checklist is empty", "task") == {"Call"}
    assert found(ctx, "checklist.open is not empty", "task") == {"Survey"}
    assert found(ctx, "checklist.open contains roof", "task") == set()
    assert found(ctx, "remind in (10, 60)", "task") == {"Survey", "Offer"}
    assert found(ctx, "remind = 0", "task") == set()
    assert found(ctx, "remind is empty", "task") == {"Call"}
    assert found(ctx, "remind != 1440", "task") == {"Offer", "Call"}


def test_a_field_that_is_seen_but_cannot_be_asked_for_is_named(ctx: Context) -> None:
    assert error(ctx, "due_clock = 15:30", "task") == "“Time” cannot be used in a filter."


# ---------------------------------------------------------------- who may ask what


def test_related_records_out_of_sight_are_not_there(make: Make) -> None:
    rep = make.user("rep", team="north")
    far = make.company(name="Far", team="south", addresses=[{"locality": "Oslo"}])
    made = make.contact(family_name="Mine", owner=rep, team="north")
    system = make.ctx()
    with acting(system):
        records.update(system, "contact", made.id, {"affiliations": [{"company_id": far.id}]})
    assert found(system, "company.city = oslo") == {"Mine"}
    assert found(make.ctx(rep), "company.city = oslo") == set()
    assert found(make.ctx(rep), f"company = {far.id}") == set()
    assert found(make.ctx(rep), "company is empty") == {"Mine"}
    with acting(system):
        records.trash(system, "company", [far.id])
    assert found(make.ctx(make.user("administrator")), "company is empty") == {"Mine"}


def hide(make: Make, *names: str) -> None:
    """Hide fields from representatives."""
    ctx: Any = make.ctx()
    with ctx.unit():
        role = ctx.session.execute(select(Role.id).where(Role.name == "representative")).scalar_one()
        rows = [{"role_id": role, "field": name, "mode": "hidden"} for name in names]
        ctx.session.execute(insert(FieldRule), rows)
        site.bump(ctx, "permissions")


@pytest.mark.parametrize(
    ("hidden", "name", "nothing"),
    [
        ("contact.birthday", "birthday", "birthdaz"),
        ("contact.emails", "email", "emaiz"),
        ("contact.addresses", "city", "citz"),
        ("contact.owner_id", "owner", "ownez"),
        ("company.industry", "company.industry", "company.industrz"),
    ],
)
def test_a_hidden_field_is_refused_like_one_that_is_not_there(
    hidden: str, name: str, nothing: str, make: Make
) -> None:
    rep = make.user("rep", team="north")
    assert filters.criterion(make.ctx(rep), "contact", f"{name} is empty") is not None
    hide(make, hidden)
    said, expected = error(make.ctx(rep), f"{name} is empty"), error(make.ctx(rep), f"{nothing} is empty")
    assert said == expected.replace(nothing.rpartition(".")[2], name.rpartition(".")[2])
    assert name.rpartition(".")[2] not in expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stagee = lead", "Did you mean “stage”?"),
        ("besitzer = me", "There is no field “besitzer”."),
        ("last contact < -30d", "comes an operator"),
        ("name < 5", "cannot be compared by “<”"),
        ("stage = nothing", "Choose one of: Subscriber"),
        ("last_contact < soon", "is no time"),
        ("last_contact < -99999y", "is no time"),
        ("created = 0000-13-45", "is no time"),
        ("company.number_of_employees = many", "is no number"),
        ("name.first = x", "it is a value, not a record"),
        ("company.parent.parent.parent.parent.name = x", "more than 3 relations"),
        ("phone contains abc", "no part of a phone number"),
        ('name contains ""', "Write what to look for"),
        ("company = me", "is neither"),
        ("owner.email starts with a", "cannot be compared by “starts with”"),
        ("about = 1", "There is no field"),
        ("extra contains x", "There is no field"),
    ],
)
def test_what_cannot_be_asked_is_said(text: str, said: str, ctx: Context) -> None:
    assert said in error(ctx, text)


def test_something_with_parts_names_them(ctx: Context) -> None:
    assert "about.company" not in error(ctx, "about = 1", "task")
    assert "contact, company" in error(ctx, "about = 1", "task")


def test_hostile_input_is_a_sentence_or_an_empty_list(ctx: Context, shared_data: Path) -> None:
    names = sorted(p for p in (shared_data / "security" / "blns").rglob("*.txt"))
    lines = [line for p in names for line in p.read_text("utf-8", "replace").splitlines() if line][:400]
    assert len(lines) > 100
    for line in [*lines, "'; drop table contact; --", "\\", "%", "\x00", "\ud800", "9" * 400]:
        for text in (line, f"name = {line}", f"name contains {filters_quote(line)}", f"company = {line}"):
            with suppress(Invalid):
                listing.page(ctx, "contact", Asked(where=text, size=1))


def filters_quote(text: str) -> str:
    """A text in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_numbers_larger_than_any_key_find_nothing(ctx: Context) -> None:
    assert found(ctx, "company = 999999999999999") == set()
    assert found(ctx, "company.number_of_employees = 999999999999999999") == set()
    assert found(ctx, "company.annual_revenue < -99999999999999999.5") == set()
    assert found(ctx, "owner in (0, 99999999999)") == set()


def test_an_expression_is_compiled_once(ctx: Context) -> None:
    first = filters.criterion(ctx, "contact", "owner = me and created < -30d")
    assert filters.criterion(ctx, "contact", "owner = me and  created < -30d") is first
    ctx.now += timedelta(days=1)
    assert filters.criterion(ctx, "contact", "owner = me and created < -30d") is not first


def test_a_filter_costs_one_statement(ctx: Context, queries: Callable[[], Any]) -> None:
    text = "owner = me and (tag in (a, b) or last_contact < -30d) and company.parent.city is not empty"
    listing.page(ctx, "contact", Asked())
    with queries() as plain:
        listing.page(ctx, "contact", Asked())
    with queries() as filtered:
        listing.page(ctx, "contact", Asked(where=text))
    assert len(filtered) <= len(plain)


def test_chips_say_the_same_as_the_language(ctx: Context) -> None:
    for short, text in (
        ("stage:is:customer,lead", "stage in (customer, lead)"),
        ("owner:not:me", "owner != me"),
        ("company:is:2", "company = 2"),
        ("emails:is:e.kovacs@tavola.example", "email contains kovacs"),
    ):
        chips = listing.page(ctx, "contact", Asked(filters=(chip(short),))).rows
        assert {row.id for row in chips} == {
            row.id for row in listing.page(ctx, "contact", Asked(where=text)).rows
        }


# ---------------------------------------------------------------- plugins


def letters(model: Any) -> ColumnElement[Any]:
    """How long a family name is."""
    return func.length(model.family_name)


def tagged(model: Any) -> Select[Any]:
    """Names of tags, as values of a plugin's own field."""
    return (
        select(TagLink.record_id, Tag.name)
        .join(Tag, Tag.id == TagLink.tag_id)
        .where(TagLink.entity == "contact")
    )


def _letters_of(ctx: Context, ids: Any) -> Any:
    rows = ctx.session.execute(select(Contact.id, Contact.family_name).where(Contact.id.in_(ids)))
    return {row.id: len(row.family_name) for row in rows}


def _tags_of(ctx: Context, ids: Any) -> Any:
    rows: dict[int, list[str]] = {i: [] for i in ids}
    for i, name in ctx.session.execute(tagged(Contact).where(TagLink.record_id.in_(ids))):
        rows[i].append(name)
    return rows


class Counting(Plugin):
    """Two fields on contacts: an expression, and rows."""

    name, label, api = "counting", "Counting", "1.0"

    @hookimpl
    def kith_fields(self) -> Any:
        number = Field(
            name="letters", label="Letters", on="contact", kind=Kind.NUMBER, sql=letters, load=_letters_of
        )
        words = Field(name="words", label="Words", on="contact", many=True, rows=tagged, load=_tags_of)
        return [number, words]


@pytest.fixture
def counting(app: Flask) -> Iterator[None]:
    """The plugin, enabled."""
    with temporary_plugin(app, Counting):
        yield


def test_a_plugins_fields_are_asked_like_any_other(counting: None, ctx: Context, make: Make) -> None:
    ctx = make.ctx(make.user("administrator"))
    assert found(ctx, "counting.letters = 4 and counting.letters > 3") == {"Lima", "Gone"}
    assert found(ctx, "counting.words contains GROSS") == {"Kovács"}
    assert found(ctx, "counting.words is empty and counting.letters between 1 and 4") == {"Lima", "Gone"}
    assert "“counting.letters”?" in error(ctx, "counting.leters = 4")


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("contact", "affiliations.parent.parent.name != x and company.parent.city != y"),
        ("interaction", "contacts.company.parent.name != x and about.contact.company.city != y"),
        ("task", "about.contact.company.parent.name != y"),
    ],
)
def test_the_deepest_expression_is_still_answered(entity: str, text: str, make: Make) -> None:
    """SQLite reads statements with a stack of its own, and each relation brings the rules of its rows."""
    rep = make.ctx(make.user("rep", team="north"))
    nested = text
    for _level in range(4):
        nested = f"not (owner = me or ({nested}))"
    for where in (text, nested, f"not ({nested})"):
        with acting(rep):
            listing.page(rep, entity, Asked(where=where, q="ana"))
