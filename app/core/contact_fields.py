"""The fields of a contact (vCard 4 names)."""

from __future__ import annotations

from typing import Any

from app.core.choices import CHANNELS, KINDS_OF_VALUE, PHONE_KINDS, STAGES
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import EVERYWHERE, Field, Kind, Show
from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import contact_values as values
from app.services import important_dates, keep_in_touch
from app.services import reach_values as reach
from app.services.reach_loading import Loader

DATE_HINT = _l("With or without the year, like 12 April or 12 April 1980.")
QUIET = EVERYWHERE & ~Show.LIST
READ = Show.DETAIL | Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE


def _text(name: str, label: Any, order: int, *, search: int = 0, show: Show = QUIET, **more: Any) -> Field:
    return Field(
        name=name, label=label, on="contact", column=name, order=order, search=search, show=show, **more
    )


def _partial(ctx: Context, text: str) -> str:
    from app.formats import partial_dates

    return str(partial_dates.parse(text, ctx.locale, ctx.now.date())) if text else ""


def _languages(ctx: Context, text: str) -> str:
    from app.formats import languages

    return languages.parse(text, ctx.locale)


def _zone(ctx: Context, text: str) -> str:
    from app.formats import zones

    return zones.parse(text)


def _column(name: str) -> Any:
    return lambda model: getattr(model, name)


NAME = (
    Field(
        name="name",
        label=_l("Name"),
        on="contact",
        column="formatted_name",
        sort=_column("name_key"),
        order=0,
        search=10,
        show=READ | Show.FORM | Show.HISTORY,
    ),
    _text("honorific_prefix", _l("Title before the name"), 1),
    _text("given_name", _l("Given name"), 2, search=10),
    _text("additional_name", _l("Middle name"), 3, search=10),
    _text("family_name", _l("Family name"), 4, search=10),
    _text("honorific_suffix", _l("Title after the name"), 5),
    _text("nickname", _l("Nickname"), 6, search=10),
    _text("phonetic_given_name", _l("Given name as it sounds"), 7, search=10),
    _text("phonetic_family_name", _l("Family name as it sounds"), 8, search=10),
)

REACH = (
    Field(
        name="emails",
        label=_l("E-mail"),
        on="contact",
        kind=Kind.EMAIL,
        many=True,
        order=10,
        search=5,
        load=Loader(EmailAddress, "contact_id"),
        save=reach.saver(EmailAddress, "contact_id"),
        parse=reach.parse_email,
        choices=KINDS_OF_VALUE,
    ),
    Field(
        name="phones",
        label=_l("Phone"),
        on="contact",
        kind=Kind.PHONE,
        many=True,
        order=11,
        search=5,
        load=Loader(PhoneNumber, "contact_id"),
        save=reach.saver(PhoneNumber, "contact_id"),
        parse=reach.parse_phone,
        choices=PHONE_KINDS,
    ),
    Field(
        name="addresses",
        label=_l("Address"),
        on="contact",
        kind=Kind.ADDRESS,
        many=True,
        order=12,
        search=1,
        show=QUIET,
        load=Loader(PostalAddress, "contact_id"),
        save=reach.saver(PostalAddress, "contact_id"),
        choices=KINDS_OF_VALUE,
    ),
    Field(
        name="links",
        label=_l("Web and social"),
        on="contact",
        kind=Kind.URL,
        many=True,
        order=13,
        show=QUIET,
        load=Loader(WebLink, "contact_id"),
        save=reach.saver(WebLink, "contact_id"),
        parse=reach.parse_link,
        choices=KINDS_OF_VALUE,
    ),
)

WORK = (
    Field(
        name="affiliations",
        label=_l("Companies"),
        on="contact",
        kind=Kind.REFS,
        ref="company",
        many=True,
        order=20,
        show=QUIET & ~Show.FILTER,
        load=values.load_affiliations,
        save=values.save_affiliations,
    ),
    Field(
        name="company",
        label=_l("Company"),
        on="contact",
        kind=Kind.TEXT,
        order=21,
        search=3,
        show=READ,
        load=values.load_primary("company"),
    ),
    Field(
        name="title",
        label=_l("Job title"),
        on="contact",
        order=22,
        search=1,
        show=READ,
        load=values.load_primary("title"),
    ),
)

ABOUT = (
    Field(
        name="lifecycle_stage",
        label=_l("Stage"),
        on="contact",
        kind=Kind.CHOICE,
        column="lifecycle_stage",
        order=30,
        choices=STAGES,
    ),
    Field(
        name="tags",
        label=_l("Tags"),
        on="contact",
        kind=Kind.TAGS,
        many=True,
        order=31,
        search=2,
        load=values.load_tags("contact"),
        save=values.save_tags("contact"),
        parse=values.parse_tags,
    ),
    _text("birthday", _l("Birthday"), 32, kind=Kind.PARTIAL_DATE, parse=_partial, hint=DATE_HINT),
    _text("anniversary", _l("Anniversary"), 33, kind=Kind.PARTIAL_DATE, parse=_partial, hint=DATE_HINT),
    Field(
        name="dates",
        label=_l("Other dates"),
        on="contact",
        kind=Kind.LONG_TEXT,
        order=34,
        show=QUIET & ~Show.FILTER,
        load=important_dates.load,
        save=important_dates.save,
        parse=important_dates.parse,
        hint=_l("One in each line, like “Contract ends: 2027-03-31”. Without a year it comes every year."),
    ),
    _text(
        "keep_in_touch_days",
        _l("Days between contacts"),
        34,
        kind=Kind.NUMBER,
        parse=keep_in_touch.parse_days,
        show=EVERYWHERE,
        hint=_l(
            "How often this person should hear from you, like 30. 0 is never; empty follows tags and stage."
        ),
    ),
    Field(
        name="keep_in_touch_on",
        label=_l("Next contact by"),
        on="contact",
        kind=Kind.DATE,
        column="keep_in_touch_on",
        sort=_column("keep_in_touch_on"),
        order=34,
        show=READ,
    ),
    _text(
        "languages",
        _l("Languages"),
        34,
        parse=_languages,
        hint=_l("Separated by commas, like Portuguese, English."),
    ),
    _text(
        "time_zone",
        _l("Time zone"),
        35,
        parse=_zone,
        hint=_l("A city is enough, like Lisbon."),
    ),
    _text("gender", _l("Gender"), 36),
    _text("pronouns", _l("Pronouns"), 37),
    _text("note", _l("Notes"), 38, kind=Kind.LONG_TEXT, search=1),
    Field(
        name="relations",
        label=_l("Related people"),
        on="contact",
        kind=Kind.REFS,
        ref="contact",
        many=True,
        order=39,
        show=QUIET & ~Show.FILTER,
        load=values.load_relations,
        save=values.save_relations,
    ),
    Field(
        name="do_not_contact",
        label=_l("Do not contact"),
        on="contact",
        kind=Kind.CHOICES,
        many=True,
        order=40,
        show=QUIET & ~Show.FILTER,
        choices=CHANNELS,
        load=values.load_do_not,
        save=values.save_do_not,
    ),
    Field(
        name="extra",
        label=_l("Further properties"),
        on="contact",
        column="extra",
        order=90,
        show=Show.HISTORY,
    ),
    Field(
        name="photo_id",
        label=_l("Photo"),
        on="contact",
        kind=Kind.NUMBER,
        column="photo_id",
        order=91,
        show=Show.HISTORY,
    ),
)

ALL: tuple[Field, ...] = (*NAME, *REACH, *WORK, *ABOUT)
