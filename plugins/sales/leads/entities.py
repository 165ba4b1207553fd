"""The kinds of record of this part: leads, and the forms by which they come."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Choice, Entity, Field, Kind, Privacy, Show, _l, _lp

from . import form_fields, naming
from .choices import FORM, GRADES, LEAD, STATUSES
from .models import Lead, LeadForm

READ = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE
"""Surfaces of what follows from something else: it is not typed."""

QUIET = EVERYWHERE & ~Show.LIST
ENTERED = Show.FORM | Show.FILTER | Show.EXPORT | Show.API | Show.RULE | Show.HISTORY
"""What somebody wrote of himself: the contact is found or made from it, and is shown in its place."""


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=LEAD, column=name, order=order, **({"show": EVERYWHERE} | more))


def _sorted(name: str) -> Any:
    return lambda model: getattr(model, name)


def _time(name: str, label: Any, order: int, **more: Any) -> Field:
    return _field(name, label, order, kind=Kind.TIME, **({"show": READ} | more))


def _choice(name: str, label: Any, order: int, choices: tuple[Choice, ...], **more: Any) -> Field:
    return _field(name, label, order, kind=Kind.CHOICE, choices=choices, **more)


FIELDS = (
    Field(
        name="called",
        label=_l("Lead"),
        on=LEAD,
        column="name",
        order=0,
        show=READ,
        search=5,
        sort=_sorted("name"),
    ),
    _field("contact_id", _l("Contact"), 1, kind=Kind.REF, ref="contact"),
    _field("topic", _l("Topic"), 2, search=2),
    _choice("status", _l("Status"), 3, STATUSES, show=EVERYWHERE & ~Show.FORM),
    _choice("grade", _l("Grade"), 4, GRADES, show=READ),
    _field("score", _l("Score"), 5, kind=Kind.NUMBER, show=READ, sort=_sorted("score")),
    _field("message", _l("Message"), 6, kind=Kind.LONG_TEXT, show=QUIET),
    _field("channel", _l("Lead source"), 10, hint=_l("How they found us: website, fair, recommendation …")),
    _field("campaign", _l("Campaign"), 11),
    _field("utm_source", _l("UTM source"), 12, show=QUIET),
    _field("utm_medium", _l("UTM medium"), 13, show=QUIET),
    _field("utm_term", _l("UTM term"), 14, show=QUIET),
    _field("utm_content", _l("UTM content"), 15, show=QUIET),
    _field("landing_page", _l("Landing page"), 16, show=QUIET),
    _field("referrer", _l("Came from"), 17, show=QUIET),
    _field("consent_text", _l("Consent"), 18, kind=Kind.LONG_TEXT, show=QUIET),
    _time("consent_at", _l("Consent given"), 19, show=QUIET),
    *(
        _field(name, label, 30 + n, show=ENTERED)
        for n, (name, label) in enumerate(
            (
                ("person", _l("Name")),
                ("email", _l("E-mail")),
                ("phone", _l("Phone")),
                ("company", _l("Company")),
            )
        )
    ),
    _time("respond_by", _l("First contact due"), 20, sort=_sorted("respond_by")),
    _time("first_contact_at", _l("First contact"), 21, show=READ | Show.HISTORY),
    _field("response_minutes", _l("Response time (minutes)"), 22, kind=Kind.NUMBER, show=READ),
    _time("assigned_at", _l("Assigned"), 23),
    _field("assigned_why", _l("Assigned because"), 24, show=READ | Show.HISTORY),
    _field("revive_on", _l("Comes back on"), 25, kind=Kind.DATE, show=READ | Show.HISTORY),
    _field("reason_note", _l("Why it was given up"), 26, show=READ | Show.HISTORY),
    _time("closed_at", _l("Closed"), 27, show=READ | Show.HISTORY),
    _field(
        "deal_id", _l("Deal"), 28, kind=Kind.REF, ref="sales.deal", show=READ | Show.DETAIL | Show.HISTORY
    ),
    _field("owner_id", _l("Owner"), 60, kind=Kind.USER),
    _field("team_id", _l("Team"), 61, kind=Kind.TEAM),
    _field("source", _l("Entered by"), 62, show=READ),
    _time("created_at", _l("Created"), 70, sort=_sorted("created_at")),
    _time("updated_at", _l("Changed"), 71),
)
KEPT = (_field("form_id", _l("Form"), 90, kind=Kind.REF, ref=FORM, show=Show.HISTORY | Show.FILTER),)
"""What the page does not show, so that an undo brings it back."""


def _form(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=FORM, column=name, order=order, **({"show": EVERYWHERE} | more))


FORM_FIELDS = (
    _form("name", _l("Form"), 0, required=True, search=3, sort=_sorted("name")),
    _form("title", _l("Headline"), 1),
    _form("intro", _l("Introduction"), 2, kind=Kind.LONG_TEXT, show=QUIET),
    _form("thanks", _l("Thanks"), 3, kind=Kind.LONG_TEXT, show=QUIET),
    _form("consent_text", _l("Consent"), 4, kind=Kind.LONG_TEXT, show=QUIET),
    _form("channel", _l("Lead source"), 5),
    _form("campaign", _l("Campaign"), 6),
    _form("token", _lp("of a page", "Address"), 8, show=Show.HISTORY),
    _form("active", _l("Takes submissions"), 7, kind=Kind.BOOL),
    _form("owner_id", _l("Owner"), 60, kind=Kind.USER),
    _form("team_id", _l("Team"), 61, kind=Kind.TEAM),
    _form("created_at", _l("Created"), 70, kind=Kind.TIME, show=READ),
)

ALL = (
    Entity(
        name="lead",
        label=_l("Lead"),
        plural=_l("Leads"),
        model=Lead,
        icon="inbox",
        url="sales_leads.show",
        title="name",
        subject="contact_id",
        derive=naming.derive,
        derive_from=("contact_id", "topic", "person", "email", "company"),
        fields=(*FIELDS, *KEPT),
        default_columns=("called", "status", "grade", "score", "channel", "owner_id", "created_at"),
        default_sort="-created_at",
        privacy=Privacy(erase="delete"),
    ),
    Entity(
        name="lead_form",
        label=_l("Lead form"),
        plural=_l("Lead forms"),
        model=LeadForm,
        icon="file-text",
        url="sales_lead_forms.show",
        title="name",
        derive=form_fields.derive,
        derive_from=("token",),
        fields=FORM_FIELDS,
        default_columns=("name", "channel", "campaign", "active", "owner_id"),
        default_sort="name",
        importable=False,
    ),
)
