"""The pages of leads: the inbox, one lead, writing one down, making a deal of it, how fast they are answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale
from wtforms import DecimalField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from app.sdk import Context, Invalid, _, _l
from app.sdk.services import nonces, records
from app.sdk.web import Form, ctx, done, record_page, render, requires

from . import cases, counting, intake, options, queue, rows, scoring
from .choices import GRADES, LEAD, OPEN, STATUSES, label_of, tone_of
from .models import Lead

pages = Blueprint("sales_leads", __name__)

ASIDE = (
    "contact_id",
    "owner_id",
    "team_id",
    "channel",
    "campaign",
    "deal_id",
    "message",
    "landing_page",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_term",
    "utm_content",
    "consent_text",
    "consent_at",
)
ALWAYS = ("contact_id", "owner_id", "channel", "message")


@pages.get("/leads")
@requires(f"{LEAD}.view")
def inbox() -> Response:
    """Show the leads that wait: mine, unassigned, hot, overdue, all open ones."""
    asked = ctx()
    counts = queue.counts(asked)
    wanted = request.args.get("view", "")
    scope = (
        wanted if wanted in counts else ("mine" if counts["mine"] else "free" if counts["free"] else "all")
    )
    found, beyond = queue.page(asked, scope, request.args.get("after", "")[:60])
    return render(
        "sales/leads/inbox.html",
        title=_("Leads"),
        scope=scope,
        chips=[
            {
                "label": label,
                "url": url_for("sales_leads.inbox", view=name),
                "on": name == scope,
                "n": _counted(counts[name]),
            }
            for name, label in _scopes()
        ],
        leads=rows.rows(asked, found),
        more=url_for("sales_leads.inbox", view=scope, after=beyond) if beyond else None,
        may_add=asked.may(f"{LEAD}.create"),
        here=url_for("sales_leads.inbox", view=scope),
    )


def _counted(number: int) -> str:
    """Return a number as people read it; counting stops somewhere."""
    text = format_decimal(number, locale=get_locale())
    return f"{text}+" if number >= queue.CAP else text


def _scopes() -> list[tuple[str, str]]:
    return [
        ("mine", _("Mine")),
        ("free", _("Unassigned")),
        ("hot", _("Hot")),
        ("late", _("Overdue")),
        ("all", _("All open")),
    ]


@pages.get("/leads/<int:record_id>")
@requires(f"{LEAD}.view")
def show(record_id: int) -> Response:
    """Show a lead: what is known, why its score is as it is, and what was talked about with its contact."""
    asked = ctx()
    lead: Lead = records.get(asked, LEAD, record_id)
    contact = _contact(asked, lead)
    points = scoring.explain(asked, lead.id)
    return record_page(
        "sales/leads/show.html",
        LEAD,
        lead,
        aside=ASIDE,
        always=ALWAYS,
        spoken=("contact", contact) if contact is not None else None,
        lead=rows.rows(asked, [lead])[0],
        contact=contact,
        points=points,
        total=scoring.total(points),
        grade=(label_of(GRADES, lead.grade), tone_of(GRADES, lead.grade)),
        state=(label_of(STATUSES, lead.status), tone_of(STATUSES, lead.status)),
        questions=[(str(q), lead.checklist.get(key, "")) for key, q in cases.questions(asked)],
        reason=cases.reason_of(asked, lead),
        park=options.of(asked).lead_revive_days
        if asked.may(f"{LEAD}.edit") and lead.status in OPEN and lead.owner_id
        else None,
    )


def _contact(asked: Context, lead: Lead) -> Any:
    if lead.contact_id is None or not records.exists(asked, "contact", lead.contact_id):
        return None
    return records.get(asked, "contact", lead.contact_id)


class LeadForm(Form):
    """A lead that somebody tells us about: who, how to reach him, what it is about."""

    nonce = HiddenField()
    contact_id = HiddenField()
    person = StringField(_l("Name"), [Length(max=300)])
    email = StringField(_l("E-mail"), [Length(max=320)], render_kw={"type": "email", "autocomplete": "off"})
    phone = StringField(_l("Phone"), [Length(max=80)], render_kw={"type": "tel", "autocomplete": "off"})
    company = StringField(_l("Company"), [Length(max=300)])
    topic = StringField(_l("What is it about?"), [Length(max=300)])
    message = TextAreaField(_l("Message"), [Length(max=10_000)])
    channel = StringField(_l("Lead source"), [Length(max=80)], render_kw={"list": "channels"})
    campaign = StringField(_l("Campaign"), [Length(max=200)])


@pages.route("/leads/new", methods=["GET", "POST"])
@requires(f"{LEAD}.create")
def new() -> Response:
    """Write a lead down: about somebody new, or about a contact that is there."""
    asked = ctx()
    form: Any = LeadForm.of(
        nonce=nonces.fresh(), contact_id=request.args.get("record_id") or request.args.get("contact") or ""
    )
    known = _known(asked, form.contact_id.data)
    if known is not None:
        for name in ("person", "email", "phone", "company"):
            del form[name]
    if form.accepted():
        values = {n: f.data or "" for n, f in form._fields.items() if n not in ("nonce", "contact_id")}
        if known is not None:
            values["contact_id"] = known.id
        try:
            if known is None and not any(values.get(n) for n in ("person", "email", "phone", "company")):
                raise Invalid({"person": _("Write who this is about.")})
            made, _fresh = nonces.once(asked, form.nonce.data, LEAD, lambda: intake.create(asked, values))
            return done(url_for("sales_leads.show", record_id=made), toast=_("Lead saved"))
        except Invalid as error:
            form.explain(error)
    return render(
        "sales/leads/new.html",
        status=422 if form.wrong else 200,
        title=_("Error: New lead") if form.wrong else _("New lead"),
        form=form,
        contact=known,
        channels=counting.channels(asked),
    )


def _known(asked: Context, text: str) -> Any:
    if not text or not text.isdecimal() or len(text) > 9:
        return None
    return records.get(asked, "contact", int(text))


class QualifyForm(Form):
    """What a deal is called and worth; the checklist stands beside it."""

    name = StringField(_l("What is to be sold?"), [Length(max=300)])
    amount = DecimalField(_l("Amount"), [Optional(), NumberRange(min=0)], places=2)
    company = StringField(_l("Company"), [Length(max=300)])


@pages.route("/leads/<int:record_id>/qualify", methods=["GET", "POST"])
@requires(f"{LEAD}.edit")
def qualify(record_id: int) -> Response:
    """Ask the checklist, and make a deal of a lead in one step."""
    asked = ctx()
    lead: Lead = records.get(asked, LEAD, record_id, "edit")
    questions = cases.questions(asked)
    keys = {f"check_{key}" for key, _question in questions}
    form: Any = QualifyForm(_only(keys), name=lead.topic)
    company = cases.company_of(asked, lead.contact_id)
    answers = {key: request.form.get(f"check_{key}", "") for key, _q in questions}
    if request.method == "POST" and form.validate():
        try:
            return _qualified(asked, lead, form, answers)
        except Invalid as error:
            form.explain(error)
    return render(
        "sales/leads/qualify.html",
        status=422 if form.wrong else 200,
        title=_("Qualify %(name)s", name=lead.name),
        form=form,
        lead=lead,
        back=url_for("sales_leads.show", record_id=record_id),
        questions=[
            (f"check_{key}", question, answers[key] or lead.checklist.get(key, ""))
            for key, question in questions
        ],
        asks_company=company is None,
    )


def _only(extra: set[str]) -> Any:
    """Return what was posted; a field that the page does not have is refused."""
    if request.method != "POST":
        return None
    known = {"name", "amount", "company", "csrf_token", "only", *extra}
    if set(request.form) - known:
        raise Invalid({"": _("This form has no such field.")})
    return request.form


def _qualified(asked: Context, lead: Lead, form: Any, answers: dict[str, str]) -> Response:
    record_id = lead.id
    back = url_for("sales_leads.show", record_id=record_id)
    if request.form.get("only"):
        cases.note_answers(asked, record_id, answers)
        return done(back, toast=_("Answers saved"))
    amount: Decimal | None = form.amount.data
    with asked.unit() as unit:
        deal = cases.convert(
            asked,
            record_id,
            name=form.name.data or "",
            amount=amount,
            company=form.company.data or "",
            answers=answers,
        )
        operation = unit.memory.get("operation")
        deal_id, undo = deal.id, operation.id if operation is not None else None
    url = asked.schema.entity("sales.deal").url
    return done(
        url_for(url, record_id=deal_id) if url else back,
        toast=_("The lead is a deal now"),
        undo=url_for("operations.undo", operation_id=undo) if undo else None,
    )


@pages.get("/leads/report")
@requires(f"{LEAD}.view")
def report() -> Response:
    """Show how fast leads were answered, by colleague and by source; every number leads to its leads."""
    asked = ctx()
    text = request.args.get("days", "")
    days = int(text) if text.isdecimal() and text in {"30", "90", "365"} else counting.DAYS
    return render(
        "sales/leads/report.html",
        title=_("Response times"),
        work=True,
        days=days,
        spans=[(n, url_for("sales_leads.report", days=n)) for n in (30, 90, 365)],
        groups=[
            (_("By colleague"), "owner_id", counting.report(asked, "owner", days)),
            (_("By source"), "channel", counting.report(asked, "source", days)),
        ],
        heads=[_("Leads"), _("Answered"), _("Median"), _("90th percentile"), _("Late"), _("Qualified")],
        duration=rows.duration,
    )
