"""The macros that pages are built from."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from tests.face.gallery import environment

ENV = environment()


class Phone(Form):
    number = StringField("Number", [DataRequired("Enter a number")])


class Person(Form):
    """A form with every kind of field."""

    version = HiddenField()
    fn = StringField("Full name", [DataRequired("Enter a name")])
    email = EmailField("Email", [Length(max=5, message="Too long")], description="Matches replies.")
    stage = SelectField("Stage", choices=[SelectChoice("lead", "Lead"), SelectChoice("won", "Won")])
    dup = RadioField(
        "If they exist",
        choices=[SelectChoice("fill", "Fill"), SelectChoice("skip", "Skip")],
        validators=[DataRequired("Choose")],
    )
    news = BooleanField("Newsletter")
    phones = FieldList(FormField(Phone), min_entries=1)


def html(template: str, **values: Any) -> BeautifulSoup:
    """A template rendered and parsed."""
    return BeautifulSoup(ENV.from_string(template).render(values), "html.parser")


def refused() -> Person:
    """A form that was sent with nothing right."""
    form = Person(data={"email": "long@example.com"})
    assert not form.validate()
    return form


def test_a_field_says_what_is_wrong_where_a_screen_reader_finds_it() -> None:
    page = html("{% from '_macros/forms.html' import field %}{{ field(f) }}", f=refused().email)
    control = page.find("input", id="email")
    assert control
    assert control["aria-invalid"] == "true"
    told = [page.find(id=name).get_text() for name in str(control["aria-describedby"]).split()]  # type: ignore[union-attr]
    assert told == ["Matches replies.", "Too long"]


def test_a_field_without_trouble_has_no_marks() -> None:
    page = html("{% from '_macros/forms.html' import field %}{{ field(f, opt=true) }}", f=Person().fn)
    assert page.find("input").get("aria-invalid") is None  # type: ignore[union-attr]
    assert page.find("label", attrs={"for": "fn"}).get_text() == "Full name optional"  # type: ignore[union-attr]


def test_the_summary_leads_to_every_wrong_field_also_in_lists() -> None:
    form = refused()
    page = html(
        "{% from '_macros/forms.html' import summary, fields %}{{ summary(form) }}{{ fields(form, ['phones']) }}"
        "{% for p in form.phones %}{{ fields(p.form) }}{% endfor %}",
        form=form,
    )
    links = [str(link["href"]) for link in page.select(".alert a")]
    assert links == ["#fn", "#email", "#stage", "#dup", "#phones-0-number"]
    assert all(page.select(link) for link in links)
    assert page.find("h2").get_text() == "5 things to fix"  # type: ignore[union-attr]


def test_there_is_no_summary_without_errors() -> None:
    page = html("{% from '_macros/forms.html' import summary %}{{ summary(form) }}", form=Person())
    assert page.get_text() == ""


def test_choices_are_grouped_under_their_question() -> None:
    page = html(
        "{% from '_macros/forms.html' import field %}{{ field(a) }}{{ field(b) }}",
        a=Person().dup,
        b=Person().news,
    )
    assert page.find("legend").get_text() == "If they exist"  # type: ignore[union-attr]
    assert [label.get_text() for label in page.find_all("label")] == ["Fill", "Skip", "Newsletter"]


def test_options_are_chosen_whatever_their_type_also_in_groups() -> None:
    page = html(
        "{% from '_macros/forms.html' import select %}"
        "{{ select('owner', 'Owner', [(1, 'Amina'), ('Team', [(2, 'Jonas')])], '2') }}"
    )
    assert [one.get_text() for one in page.select("option[selected]")] == ["Jonas"]


def test_text_of_people_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>\"'"
    page = html(
        "{% from '_macros/forms.html' import text %}{% from '_macros/toasts.html' import toasts_oob %}"
        "{% from '_macros/table.html' import pick, name %}{% from '_macros/records.html' import row, prop %}"
        "{{ text('a', evil, evil, hint=evil, error=evil, attrs={'placeholder': evil}) }}{{ pick(1, evil, evil, 1) }}"
        "{{ toasts_oob([{'kind': 'ok', 'text': evil}]) }}{{ name('/', evil, evil) }}{{ row('/', evil, evil) }}"
        "{% call prop(evil, '/') %}{{ evil }}{% endcall %}",
        evil=evil,
    )
    assert page.find("img") is None
    assert page.find("input", id="a")["value"] == evil  # type: ignore[index]


def test_a_failed_panel_names_its_plugin() -> None:
    page = html("{% from '_macros/slots.html' import broken %}{{ broken('Weather', 'weather', 'E-1') }}")
    assert "weather" in page.get_text()
    assert "E-1" in page.get_text()


def test_a_slot_is_there_even_when_it_is_empty() -> None:
    page = html("{% from '_macros/slots.html' import slot %}{{ slot('contact.side', []) }}")
    assert page.select('[data-slot="contact.side"]')


def test_a_finished_job_asks_no_more() -> None:
    source = (
        "{% from '_macros/progress.html' import job %}{{ job('j', '/jobs/1', 'Import', 3, 9, running=on) }}"
    )
    assert html(source, on=True).select('[hx-trigger="every 2s"]')
    assert html(source, on=False).select("[hx-trigger]") == []


def test_an_error_page_stands_without_the_shell() -> None:
    page = html("{% include 'errors/500.html' %}", shell=None, incident="4711")
    assert "4711" in page.get_text()
    assert page.find("nav") is None
