"""Two people at one record: whole forms, the same field, what follows from a change, values of plugins."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel.errors import Conflict, Invalid
from app.services import history, journal, records
from app.services.values import load


def test_a_whole_form_does_not_undo_what_somebody_else_changed(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(given_name="Ana", family_name="Lima", note="old", pronouns="she")
    seen = contact.version
    records.update(ctx, "contact", contact.id, {"note": "theirs"})

    form = {"note": "old", "pronouns": "they", "given_name": "Ana"}
    saved = records.update(ctx, "contact", contact.id, form, seen_version=seen)

    assert (saved.note, saved.pronouns) == ("theirs", "they")


def test_the_same_field_is_asked_about_with_all_three_values(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(note="old")
    seen = contact.version
    records.update(ctx, "contact", contact.id, {"note": "theirs"})

    with pytest.raises(Conflict) as raised:
        records.update(ctx, "contact", contact.id, {"note": "mine"}, seen_version=seen)

    clash = raised.value.clashes[0]
    assert (clash.field, clash.seen, clash.now, clash.mine) == ("note", "old", "theirs", "mine")


def test_saving_what_they_saved_is_no_conflict(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(note="old")
    seen = contact.version
    records.update(ctx, "contact", contact.id, {"note": "same"})

    records.update(ctx, "contact", contact.id, {"note": "same"}, seen_version=seen)

    assert len(journal.history(ctx, "contact", contact.id)) == 2


def test_addresses_that_were_left_alone_are_no_change(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(email="ana@acme.pt")
    field = ctx.schema.field("contact", "emails")
    stored = field.load(ctx, [contact.id])[contact.id]
    version = contact.version

    assert records.update(ctx, "contact", contact.id, {"emails": stored}).version == version


def test_the_display_name_that_follows_from_its_parts_is_in_the_history(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(given_name="Ana", family_name="Lima")
    records.update(ctx, "contact", contact.id, {"family_name": "de Lima"})

    after = journal.history(ctx, "contact", contact.id)[0].after
    assert after == {"family_name": "de Lima", "name": "Ana de Lima"}
    assert set(history.steps(ctx, "contact", contact.id)[0].changes) == {"family_name"}


def test_a_name_given_as_one_is_taken_apart(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(given_name="Ana", family_name="Lima")

    changed = records.update(ctx, "contact", contact.id, {"name": "Maria de Sousa"})

    assert (changed.given_name, changed.family_name) == ("Maria", "de Sousa")
    assert changed.formatted_name == "Maria de Sousa"


def test_an_organisation_among_the_contacts_keeps_its_name_in_one_piece(make: Any) -> None:
    contact = make.contact(name="Acme Roofing GmbH & Co. KG")

    assert contact.formatted_name == "Acme Roofing GmbH & Co. KG"
    assert contact.family_name == ""


def test_a_value_that_points_nowhere_is_refused_with_a_sentence(make: Any) -> None:
    ctx = make.ctx()
    company = make.company()

    for values in ({"parent_id": 99999}, {"owner_id": 99999}, {"team_id": 99999}):
        with pytest.raises(Invalid):
            records.update(ctx, "company", company.id, values)


def test_a_change_is_taken_back_alone(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(note="first", pronouns="she", email="ana@acme.pt")
    records.update(ctx, "contact", contact.id, {"note": "second", "pronouns": "they", "emails": []})
    entry = journal.history(ctx, "contact", contact.id)[0]

    history.revert(ctx, "contact", contact.id, entry.id, "emails")

    field = ctx.schema.field("contact", "emails")
    contact = records.get(ctx, "contact", contact.id)
    assert [e["value"] for e in field.load(ctx, [contact.id])[contact.id]] == ["ana@acme.pt"]
    assert (contact.note, contact.pronouns) == ("second", "they")
    assert load(journal.entry(ctx, entry.id).after)["note"] == "second"


def test_taking_back_asks_when_the_field_was_changed_again(make: Any) -> None:
    ctx = make.ctx()
    contact = make.contact(note="first")
    records.update(ctx, "contact", contact.id, {"note": "second"})
    entry = journal.history(ctx, "contact", contact.id)[0]
    records.update(ctx, "contact", contact.id, {"note": "third"})

    with pytest.raises(Conflict):
        history.revert(ctx, "contact", contact.id, entry.id, "note")
    history.revert(ctx, "contact", contact.id, entry.id, "note", sure=True)

    assert records.get(ctx, "contact", contact.id).note == "first"
