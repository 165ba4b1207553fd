"""The fields of a company (schema.org Organization)."""

from __future__ import annotations

from typing import Any

from app.core.choices import COMPANY_KINDS, KINDS_OF_VALUE, PHONE_KINDS
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import EVERYWHERE, Field, Kind, Show
from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import contact_values as values
from app.services import reach_values as reach
from app.services.reach_loading import Loader

QUIET = EVERYWHERE & ~Show.LIST


def _partial(ctx: Context, text: str) -> str:
    from app.formats import partial_dates

    return str(partial_dates.parse(text, ctx.locale, ctx.now.date())) if text else ""


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on="company", column=name, order=order, **({"show": QUIET} | more))


def _reach(name: str, label: Any, kind: Kind, model: type[Any], order: int, **more: Any) -> Field:
    return Field(
        name=name,
        label=label,
        on="company",
        kind=kind,
        many=True,
        order=order,
        choices=PHONE_KINDS if kind is Kind.PHONE else KINDS_OF_VALUE,
        load=Loader(model, "company_id"),
        save=reach.saver(model, "company_id"),
        **more,
    )


ALL: tuple[Field, ...] = (
    _field(
        "name",
        _l("Name"),
        0,
        required=True,
        search=10,
        show=EVERYWHERE,
        sort=lambda model: model.name_key,
        personal=False,
    ),
    _field("legal_name", _l("Legal name"), 1, search=10, personal=False),
    Field(
        name="domains",
        label=_l("Domains"),
        on="company",
        kind=Kind.TEXT,
        many=True,
        order=5,
        search=5,
        load=values.load_domains,
        save=values.save_domains,
        parse=values.parse_tags,
        personal=False,
    ),
    _reach("emails", _l("E-mail"), Kind.EMAIL, EmailAddress, 10, search=5, parse=reach.parse_email),
    _reach("phones", _l("Phone"), Kind.PHONE, PhoneNumber, 11, search=5, parse=reach.parse_phone),
    _reach("addresses", _l("Address"), Kind.ADDRESS, PostalAddress, 12, search=1, show=QUIET),
    _reach("links", _l("Web and social"), Kind.URL, WebLink, 13, show=QUIET, parse=reach.parse_link),
    _field("industry", _l("Industry"), 20, show=EVERYWHERE, search=1, personal=False),
    _field("number_of_employees", _l("Employees"), 21, kind=Kind.NUMBER, show=EVERYWHERE, personal=False),
    _field(
        "annual_revenue",
        _l("Annual revenue"),
        22,
        kind=Kind.MONEY,
        currency="currency",
        show=EVERYWHERE,
        personal=False,
    ),
    _field("currency", _l("Currency"), 23, personal=False),
    _field("kinds", _l("Type"), 24, kind=Kind.CHOICE, choices=COMPANY_KINDS, show=EVERYWHERE, personal=False),
    _field("vat_id", _l("VAT number"), 25, search=3, personal=False),
    _field("registration_number", _l("Registration number"), 26, search=3, personal=False),
    _field("lei_code", _l("LEI code"), 27, personal=False),
    _field(
        "founding_date",
        _l("Founded"),
        28,
        kind=Kind.PARTIAL_DATE,
        parse=_partial,
        hint=_l("The year is enough, like 1998."),
        personal=False,
    ),
    _field("parent_id", _l("Parent company"), 29, kind=Kind.REF, ref="company", personal=False),
    Field(
        name="tags",
        label=_l("Tags"),
        on="company",
        kind=Kind.TAGS,
        many=True,
        order=31,
        search=2,
        load=values.load_tags("company"),
        save=values.save_tags("company"),
        parse=values.parse_tags,
        personal=False,
    ),
    _field("description", _l("Description"), 38, kind=Kind.LONG_TEXT, search=1),
    _field("extra", _l("Further properties"), 90, show=Show.HISTORY),
    _field("logo_id", _l("Logo"), 91, kind=Kind.NUMBER, show=Show.HISTORY),
)
