"""Values of fields as people read them: the same bits on a record's page, in its history and in questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from flask import render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup

from app.formats import file_values, languages, markdown, names, partial_dates, postal
from app.formats.name_parts import NameParts
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.guard import Failure, Surface, run
from app.models import SOMEDAY
from app.services import fields, people, relations
from app.services.values import revive
from app.web import amounts, dates, shown_reach
from app.web.shown_reach import kind_of, labelled

Bit = shown_reach.Bit

KEPT = 4000
"""Longer texts are rendered anew each time."""

ADDRESS = (
    "post_office_box",
    "extended_address",
    "street_address",
    "locality",
    "region",
    "postal_code",
)
Names = Mapping[tuple[str, int], people.Named]


def named(asked: Context, every: Sequence[Field], values: Iterable[Mapping[str, Any]]) -> Names:
    """Return the names of what the values of pointing fields point at: one query per kind of record."""
    wanted: set[tuple[str, int]] = set()
    for found in values:
        for field in every:
            value = found.get(field.key)
            target = {Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind, field.ref or "")
            if field.kind in fields.POINTING and isinstance(value, int) and target:
                wanted.add((target, value))
            elif field.kind is Kind.REFS:
                wanted |= set(_targets(field, value))
    found_names = dict(people.names(asked, {w for w in wanted if w[0] != "team"})) if wanted else {}
    if teams := {i for entity, i in wanted if entity == "team"}:
        found_names |= {
            ("team", i): people.Named(entity="team", id=i, name=name)
            for i, name in people.team_names(asked, teams).items()
        }
    return found_names


def bits(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    """Return what to show of a field's value; an empty one has no bits."""
    if isinstance(value, Failure):
        return [Bit(text="–", note=_("The plugin “%(name)s” could not say.", name=value.label))]
    if value is None or value in ("", []):
        return []
    if field.template is not None:
        return _own(asked, field, value)
    special = SPECIAL.get(field.key) if field.owner == "core" else None
    return (special or BY_KIND.get(field.kind, _text))(asked, field, revive(field, value), known)


def words(asked: Context, field: Field, value: Any, known: Names) -> str:
    """Return a value as one line of plain words, for history and questions; an empty one is an en dash."""
    if field.kind is Kind.LONG_TEXT and isinstance(value, str):
        return markdown.plain(value, 200) or "–"
    try:
        found = bits(asked, field, value, known)
    except (ValueError, TypeError, ArithmeticError):  # of the time when the field was of another type
        found = _text(asked, field, value, known)
    texts = [f"{b.text} ({b.note or b.sort})" if b.note or b.sort else b.text for b in found]
    return ", ".join(texts) or "–"


def _own(asked: Context, field: Field, value: Any) -> list[Bit]:
    """Show a plugin's value by the plugin's own template."""
    made = run(
        lambda: render_template(str(field.template), value=value, field=field),
        owner=field.owner,
        surface=Surface.FIELD,
        item=field.key,
        session=asked.session,
    )
    if isinstance(made, Failure):
        return bits(asked, field, made, {})
    return [Bit(text=str(value), block=Markup(made))]  # noqa: S704 - rendered with autoescape


def _text(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    if isinstance(value, list | tuple):
        return [Bit(text=str(v)) for v in value]
    return [Bit(text=str(value))]


def _long(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=str(value), block=_written(str(value)))]


def _written(text: str) -> Markup:
    return _kept(text) if len(text) < KEPT else markdown.to_html(text)


@lru_cache(maxsize=256)
def _kept(text: str) -> Markup:
    return markdown.to_html(text)


def _number(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=format_decimal(value, locale=get_locale()))]


def _money(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    if amounts.column(field):  # what the record is in is not known here
        return [Bit(text=amounts.bare(value))]
    return [Bit(text=amounts.money(value, amounts.common(asked, field)))]


def _choice(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    labels = {c.value: c for c in fields.choices(asked, field)}
    given = value if isinstance(value, list | tuple) else [value]
    found = [(str(v), labels.get(str(v))) for v in given]
    return [Bit(text=str(c.label) if c else v, tone=(c.tone if c else "") or "sys") for v, c in found]


def _tags(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=str(v), hue=names.hue(str(v))) for v in value]


def _bool(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=_("Yes") if value else _("No"))]


def _time(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=dates.moment(value) if isinstance(value, datetime) else str(value))]


def _date(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=partial(asked, str(value)))] if value != SOMEDAY else []


def partial(asked: Context, text: str) -> str:
    """Return a date of which parts may be unknown as people of the reader's language write it."""
    return _said(text, asked.locale) if text else ""


@lru_cache(maxsize=4096)
def _said(text: str, locale: str) -> str:
    try:
        return str(partial_dates.display(partial_dates.from_iso(text), locale))
    except partial_dates.DateError:
        return text


def _user(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    found = known.get(("user" if field.kind is Kind.USER else "team", int(value)))
    if found is None:
        return [Bit(text=_("somebody who is gone"))]
    if field.kind is Kind.TEAM:
        return [Bit(text=found.name)]
    face = names.initials(NameParts(), found.name)
    return [Bit(text=found.name, initials=face, hue=names.hue(f"user:{found.id}"))]


def _ref(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    found = known.get((field.ref or "", int(value)))
    if found is None:
        return [Bit(text=_("something you cannot see"))]
    return [Bit(text=found.name, href=url_for(found.url, record_id=found.id) if found.url else "")]


def _file(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    href = url_for("files.show", uid=file_values.uid_of(value))
    return [Bit(text=file_values.name_of(value), href=href)]


def _targets(field: Field, value: Any) -> list[tuple[str, int]]:
    """Return the records that a value of several points at: ids of `ref`, or "entity:id" of any kind."""
    found = [(field.ref or "", v) if isinstance(v, int) else str(v).rpartition(":")[::2] for v in value or ()]
    return [(entity, int(number)) for entity, number in found if entity and str(number).isdecimal()]


def _refs(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    targets = _targets(field, value)
    seen = [known[t] for t in targets if t in known]
    shown = [Bit(text=n.name, href=url_for(n.url, record_id=n.id) if n.url else "") for n in seen]
    hidden = len(targets) - len(seen)
    return (
        [*shown, Bit(text=_n("%(num)s you cannot see", "%(num)s you cannot see", hidden))]
        if hidden
        else shown
    )


def _addresses(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [
        Bit(text=address_line(asked, r), label=labelled(asked, field, r), sort=kind_of(asked, field, r))
        for r in value
    ]


def address_line(asked: Context, row: Mapping[str, Any]) -> str:
    """Return a postal address in one line in its country's order; its label if it has no parts."""
    parts = {n: str(row.get(n) or "") for n in ADDRESS}
    country = str(row.get("country_code") or row.get("country") or "")
    if not any(parts.values()) and row.get("label"):
        return " ".join(str(row["label"]).split())
    return postal.one_line(postal.Address(**parts, country=country), asked.locale)


def _affiliations(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [
        Bit(
            text=str(r.get("company") or ""),
            href=url_for("companies.show", record_id=r["company_id"]) if r.get("company_id") else "",
            note=place(asked, r),
        )
        for r in value
    ]


def place(asked: Context, row: Mapping[str, Any]) -> str:
    """Return what somebody does in a company and when: “CFO, Finance, since 2020”."""
    told = [row.get("title") or row.get("role"), row.get("department"), period(asked, row)]
    return ", ".join(str(t) for t in told if t)


def period(asked: Context, row: Mapping[str, Any]) -> str:
    """Return from when until when something held, in words; empty when neither is known."""
    start, end = (partial(asked, str(row.get(n) or "")) for n in ("started_on", "ended_on"))
    if start and end:
        return _("%(start)s to %(end)s", start=start, end=end)
    if end:
        return _("until %(end)s", end=end)
    return _("since %(start)s", start=start) if start else ""


def _relations(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [
        Bit(
            text=str(r.get("name") or ""),
            href=url_for("contacts.show", record_id=r["other_id"]) if r.get("other_id") else "",
            note=", ".join(
                filter(
                    None,
                    (relations.label(str(r.get("type") or "")), period(asked, r), str(r.get("note") or "")),
                )
            ),
        )
        for r in value
    ]


def _do_not(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    labels = {c.value: str(c.label) for c in fields.choices(asked, field)}
    return [
        Bit(text=labels.get(r["channel"], r["channel"]), tone="bad", note=str(r.get("reason") or ""))
        for r in value
    ]


def _dates(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    parts = (line.rpartition(": ") for line in str(value).splitlines())
    return [Bit(text=partial(asked, day), label=label) for label, _sep, day in parts]


def _languages(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    return [Bit(text=", ".join(languages.names(str(value), asked.locale)))]


def _gender(asked: Context, field: Field, value: Any, known: Names) -> list[Bit]:
    letter, _sep, said = str(value).partition(";")
    letters = {"M": _("Male"), "F": _("Female"), "O": _("Other"), "N": _("None"), "U": _("Unknown")}
    return [Bit(text=said.strip() or letters.get(letter, letter))]


Shower = Callable[[Context, Field, Any, Names], list[Bit]]

BY_KIND: dict[Kind, Shower] = {
    Kind.LONG_TEXT: _long,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choice,
    Kind.TAGS: _tags,
    Kind.BOOL: _bool,
    Kind.TIME: _time,
    Kind.DATE: _date,
    Kind.PARTIAL_DATE: _date,
    Kind.USER: _user,
    Kind.TEAM: _user,
    Kind.REF: _ref,
    Kind.FILE: _file,
    Kind.REFS: _refs,
    Kind.EMAIL: shown_reach.emails,
    Kind.PHONE: shown_reach.numbers,
    Kind.URL: shown_reach.links,
    Kind.ADDRESS: _addresses,
}
SPECIAL: dict[str, Shower] = {
    "affiliations": _affiliations,
    "relations": _relations,
    "do_not_contact": _do_not,
    "dates": _dates,
    "languages": _languages,
    "gender": _gender,
}
