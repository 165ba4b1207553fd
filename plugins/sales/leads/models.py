"""The tables of leads: the cases, the forms they come by, what was sent, the rules that give them away and rate them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now

KEPT = "(status IN ('new', 'working', 'nurturing'))"
STANDING = "(status IN ('new', 'working'))"
UNANSWERED = " AND first_contact_at IS NULL AND respond_by IS NOT NULL"
"""Of which leads the indexes of the queue know: those that are not closed (see `queue.PARTS`)."""


def _queue(name: str, states: str, rest: str, *columns: str) -> Index:
    lite, full = (text(f"deleted_at IS NULL AND {states} IS {true}{rest}") for true in ("1", "TRUE"))
    kept: Any = {"sqlite_where": lite, "postgresql_where": full}
    return Index(f"ix_sales_lead_{name}", *columns, **kept)


class LeadReason(Model):
    """Why leads are given up."""

    __tablename__ = "sales_lead_reason"
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)


class LeadForm(Record):
    """A form that strangers fill in. `token` is in its address; `fields` what is asked: name, label, needed or not.

    `origins` are the sites that may show it; `proof` asks the browser to work a moment before it sends.
    """

    __tablename__ = "sales_lead_form"
    __entity__ = "sales.lead_form"
    __table_args__ = (live("sales_lead_form", "name", "id"),)
    name: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    intro: Mapped[str] = mapped_column(Text, default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    consent_text: Mapped[str] = mapped_column(Text, default="")
    consent_needed: Mapped[bool] = mapped_column(default=False)
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    channel: Mapped[str] = mapped_column(String(80), default="")
    campaign: Mapped[str] = mapped_column(String(200), default="")
    proof: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Lead(Record):
    """A case about a contact: may something become of this? `status` is new, working, nurturing, qualified or
    disqualified.

    `name` follows from the contact and the topic. `person`, `email`, `phone` and `company` are as they were entered,
    from which the contact is found or made; after that the contact is what counts. `channel` is how the lead found us; the `utm_` columns, `landing_page`
    and `referrer` are as the browser told them. `respond_by` is when the first contact is due, `response_minutes` how
    much working time it took. `score` and `grade` (hot, warm, cold) are kept for lists; the reasons are worked out anew.
    `checklist` holds the answers of the qualification, `answers` further ones of the form, by their label.
    """

    __tablename__ = "sales_lead"
    __entity__ = "sales.lead"
    __table_args__ = (
        live("sales_lead", "created_at", "id"),
        live("sales_lead", "name", "id"),
        live("sales_lead", "score", "id"),
        live("sales_lead", "status", "created_at", "id"),
        live("sales_lead", "owner_id", "status", "respond_by", "id"),
        live("sales_lead", "team_id", "status", "id"),
        live("sales_lead", "respond_by", "id"),
        live("sales_lead", "revive_on", "id"),
        _queue("waiting", STANDING, UNANSWERED, "respond_by", "id"),
        _queue("waiting_of", STANDING, UNANSWERED, "owner_id", "respond_by", "id"),
        _queue("kept", KEPT, "", "id"),
        _queue("kept_of", KEPT, "", "owner_id", "id"),
        _queue("hot", STANDING, " AND grade = 'hot'", "score", "id"),
        Index("ix_sales_lead_contact", "contact_id", "created_at"),
        Index("ix_sales_lead_deal", "deal_id"),
    )
    name: Mapped[str] = mapped_column(String(500), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    person: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    phone: Mapped[str] = mapped_column(String(80), default="")
    company: Mapped[str] = mapped_column(String(300), default="")
    topic: Mapped[str] = mapped_column(String(300), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="new")
    channel: Mapped[str] = mapped_column(String(80), default="")
    campaign: Mapped[str] = mapped_column(String(200), default="")
    utm_source: Mapped[str] = mapped_column(String(200), default="")
    utm_medium: Mapped[str] = mapped_column(String(200), default="")
    utm_term: Mapped[str] = mapped_column(String(200), default="")
    utm_content: Mapped[str] = mapped_column(String(200), default="")
    landing_page: Mapped[str] = mapped_column(String(1000), default="")
    referrer: Mapped[str] = mapped_column(String(1000), default="")
    consent_text: Mapped[str] = mapped_column(Text, default="")
    consent_at: Mapped[datetime | None] = mapped_column(Instant)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    score: Mapped[int] = mapped_column(default=0)
    grade: Mapped[str] = mapped_column(String(8), default="cold")
    scored_at: Mapped[datetime | None] = mapped_column(Instant)
    assigned_at: Mapped[datetime | None] = mapped_column(Instant)
    assigned_why: Mapped[str] = mapped_column(String(500), default="")
    respond_by: Mapped[datetime | None] = mapped_column(Instant)
    first_contact_at: Mapped[datetime | None] = mapped_column(Instant)
    response_minutes: Mapped[int | None] = mapped_column()
    warned_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    checklist: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("sales_lead_reason.id", ondelete="SET NULL"))
    reason_note: Mapped[str] = mapped_column(Text, default="")
    revive_on: Mapped[str] = mapped_column(String(10), default="")
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("sales_deal.id", ondelete="SET NULL"))
    form_id: Mapped[int | None] = mapped_column(ForeignKey("sales_lead_form.id", ondelete="SET NULL"))


class Submission(Model):
    """What somebody sent by a form. `state` is taken, held (looks like spam, or without the asked proof), failed or
    dropped; `why` says it in words. `nonce` is that of the page it was sent from: once is enough."""

    __tablename__ = "sales_submission"
    __table_args__ = (
        Index("ux_sales_submission_nonce", "form_id", "nonce", unique=True),
        Index("ix_sales_submission_state", "state", "id"),
        Index("ix_sales_submission_lead", "lead_id"),
        Index("ix_sales_submission_email", "email"),
    )
    form_id: Mapped[int] = mapped_column(ForeignKey("sales_lead_form.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    values: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    told: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("sales_lead.id", ondelete="SET NULL"))


class AssignRule(Model):
    """Who gets which leads: the first rule in order whose condition holds decides. An empty condition always holds.

    `strategy` is turn (round robin by weight), least (fewest open leads), field (by the values of a field) or company
    (who looks after the contact's company). `people` is a list of {user_id, weight}, `mapping` field value → user id.
    `hours` is how much working time there is until the first contact, 0 for the house's.
    """

    __tablename__ = "sales_assign_rule"
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    condition: Mapped[str] = mapped_column(Text, default="", info={"filter": "sales.lead"})
    strategy: Mapped[str] = mapped_column(String(12), default="turn")
    people: Mapped[list[dict[str, int]]] = mapped_column(
        JSON, default=list, info={"points_in": {"user_id": "user"}}
    )
    field: Mapped[str] = mapped_column(String(120), default="")
    mapping: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info={"points_in": {"*": "user"}})
    most_open: Mapped[int] = mapped_column(default=0)
    hours: Mapped[int] = mapped_column(default=0)


class AssignTurn(Model):
    """How many leads a rule gave to somebody: what makes turns fair."""

    __tablename__ = "sales_assign_turn"
    __table_args__ = (Index("ux_sales_assign_turn", "rule_id", "user_id", unique=True),)
    rule_id: Mapped[int] = mapped_column(ForeignKey("sales_assign_rule.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    given: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(Instant, default=now)


def _asked_of(row: Mapping[str, Any]) -> str:
    """Return the kind of record of which a rule of the score asks."""
    return "sales.lead" if row["subject"] == "lead" else "interaction"


class ScoreRule(Model):
    """Points for leads. `subject` lead: once, when the condition holds for the lead; interaction: for each interaction
    with the contact for which it holds. After `half_life` days a point counts half, 0 for never."""

    __tablename__ = "sales_score_rule"
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    subject: Mapped[str] = mapped_column(String(12), default="lead")
    condition: Mapped[str] = mapped_column(Text, default="", info={"filter": _asked_of})
    points: Mapped[int] = mapped_column(default=0)
    half_life: Mapped[int] = mapped_column(default=0)
