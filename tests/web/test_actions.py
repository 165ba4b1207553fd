"""What people see of an action that says no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
from wtforms import Form, IntegerField, StringField
from wtforms.validators import Optional

from app.sdk import Action, Context, Invalid, Outcome, Plugin, Refuse, hookimpl
from app.sdk.services import records
from app.testing import Make, Person
from app.testing.clients import soup


class WordForm(Form):
    word = StringField("Word")
    times = IntegerField("Times", [Optional()])


def run(ctx: Context, contacts: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    for contact in contacts:
        records.update(ctx, "contact", contact.id, {"note": "said"})
    if data.get("word") == "short":
        raise Invalid({"word": "A longer word, please."})
    raise Refuse("Not on a Sunday.")


class Sayings(Plugin):
    """Says no."""

    name = "sayings"
    label = "Sayings"

    @hookimpl
    def kith_actions(self) -> Iterable[Action]:
        return (
            Action(name="say", label="Say", on="contact", run=run, form=WordForm),
            Action(name="shout", label="Shout", on="contact", run=run),
        )


@pytest.fixture
def person(temporary_plugin: Callable[[Any], Any], as_role: Callable[..., Person]) -> Person:
    temporary_plugin(Sayings)
    return as_role("admin")


@pytest.mark.parametrize(
    ("word", "status", "sentence"),
    [("loudly", 409, "Not on a Sunday."), ("short", 422, "A longer word, please.")],
)
def test_what_was_typed_stays_beside_why_it_was_refused(
    person: Person, make: Make, word: str, status: int, sentence: str
) -> None:
    ana = make.contact()
    answer = person.post("/action/sayings/say", {"sent": "1", "id": ana.id, "word": word})
    assert answer.status_code == status
    assert sentence in answer.text
    assert f'value="{word}"' in answer.text
    assert records.get(make.ctx(), "contact", ana.id).note == ""


def test_what_wtforms_itself_says_is_said_in_the_readers_language(
    temporary_plugin: Callable[[Any], Any], as_role: Callable[..., Person], make: Make
) -> None:
    temporary_plugin(Sayings)
    typed = {"sent": "1", "id": make.contact().id, "word": "loud", "times": "often"}
    answer = as_role("admin", locale="de").post("/action/sayings/say", typed)
    assert answer.status_code == 422
    assert "Keine gültige, ganze Zahl." in answer.text


def test_an_action_without_a_form_says_why_it_was_refused(person: Person, make: Make) -> None:
    ana = make.contact()
    answer = person.post("/action/sayings/shout", {"id": ana.id})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/contacts/{ana.id}"
    told = soup(person.get(answer.headers["Location"])).select_one("#toasts .toast[data-k=bad]")
    assert told is not None
    assert "Not on a Sunday." in told.text
