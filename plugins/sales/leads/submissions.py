"""What strangers send by a form: taken as a lead, or kept until somebody has looked at it; nothing is lost.

What a stranger writes changes no contact that is there: it stays with the lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.sdk import Context, KithError, NotVisible, Refuse, _
from app.sdk.services import access, as_house, unit

from . import intake
from .models import LeadForm, Submission
from .permissions import RULES

TAKEN, HELD, FAILED, DROPPED = "taken", "held", "failed", "dropped"
KEPT = timedelta(days=90)
TOLD = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "landing_page", "referrer")
"""What the page tells of where somebody came from."""

LENGTHS = {"landing_page": 1000, "referrer": 1000}
COLUMNS = ("person", "email", "phone", "company", "topic", "message")
"""Fields of a form that are columns of a lead; all others are kept as answers."""

MOST = 50


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What arrived: values of the form's fields, what the page told, the nonce; `doubt` is why it looks like spam."""

    values: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)
    nonce: str
    consent: bool = False
    doubt: str = ""


def by_token(ctx: Context, token: str) -> LeadForm:
    """Return the form of an address. Raises NotVisible when there is none, or it takes nothing any more."""
    query = select(LeadForm).where(LeadForm.token == token, LeadForm.active.is_(True))
    found = ctx.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotVisible(_("There is no such form."))
    return found


def receive(ctx: Context, form: LeadForm, sent: Sent) -> Submission | None:
    """Keep what arrived and make a lead of it, once per nonce; what fails is kept to be tried again."""
    try:
        submission = _keep(ctx, form, sent)
    except IntegrityError:  # the same page, sent twice at once
        return None
    if submission is not None and submission.state == FAILED:
        attempt(ctx, submission.id)
    return submission


@unit
def _keep(ctx: Context, form: LeadForm, sent: Sent) -> Submission | None:
    known = select(Submission.id).where(Submission.form_id == form.id, Submission.nonce == sent.nonce)
    if ctx.session.execute(known).first() is not None:
        return None
    told = {key: sent.told[key][: LENGTHS.get(key, 200)] for key in TOLD if sent.told.get(key)}
    if sent.consent and form.consent_text:
        told["consent"] = form.consent_text
    made = Submission(
        form_id=form.id,
        nonce=sent.nonce,
        at=ctx.now,
        state=HELD if sent.doubt else FAILED,
        why=sent.doubt or _("Not finished yet."),
        email=sent.values.get("email", "").strip().lower()[:320],
        values=dict(sent.values),
        told=told,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def attempt(ctx: Context, submission_id: int) -> bool:
    """Make a lead of a submission and tell whether that worked; if not, the reason is kept with it."""
    try:
        _take(ctx, submission_id)
    except (KithError, SQLAlchemyError, ValueError, LookupError) as error:
        ctx.log.warning("a submission of a form became no lead: %s", error.__class__.__name__)
        _failed(ctx, submission_id, str(error)[:300] if isinstance(error, KithError) else "")
        return False
    return True


@unit
def _take(ctx: Context, submission_id: int) -> None:
    submission = ctx.session.get_one(Submission, submission_id, with_for_update=True)
    if submission.state == TAKEN:
        return
    form = ctx.session.get_one(LeadForm, submission.form_id)
    submission.lead_id = intake.create(ctx, values_of(form, submission)).id
    submission.state, submission.why = TAKEN, ""


@unit
def _failed(ctx: Context, submission_id: int, why: str) -> None:
    submission = ctx.session.get_one(Submission, submission_id)
    submission.state = FAILED
    submission.why = why or _("Something went wrong. Try again.")


def values_of(form: LeadForm, submission: Submission) -> dict[str, Any]:
    """Return a submission as field values of a lead."""
    said, told = submission.values, submission.told
    limits = {"person": 300, "email": 320, "phone": 80, "company": 300, "topic": 300}
    values: dict[str, Any] = {name: said[name][: limits.get(name)] for name in COLUMNS if said.get(name)}
    values |= {name: told[name] for name in TOLD if name in told and name != "utm_campaign"}
    values |= {
        "channel": form.channel or _("Website"),
        "campaign": told.get("utm_campaign") or form.campaign,
        "form_id": form.id,
        "owner_id": None,
        "team_id": form.team_id,
    }
    further = [
        (f["label"], said[f["name"]]) for f in form.fields if f["name"] not in COLUMNS and said.get(f["name"])
    ]
    if further:
        lines = "\n".join(f"{label}: {text}" for label, text in further)
        values["message"] = "\n\n".join(filter(None, (values.get("message"), lines)))
    if told.get("consent"):
        values |= {"consent_text": told["consent"], "consent_at": submission.at}
    return values


# ---------------------------------------------------------------- looking at what is kept


def waiting(ctx: Context, *, states: Sequence[str] = (HELD, FAILED), before: int = 0) -> Sequence[Submission]:
    """Return submissions of some states, the latest first, at most MOST."""
    access.require(ctx, RULES)
    query = select(Submission).where(Submission.state.in_(states))
    if before:
        query = query.where(Submission.id < before)
    return ctx.session.execute(query.order_by(Submission.id.desc()).limit(MOST)).scalars().all()


def again(ctx: Context, submission_id: int) -> bool:
    """Try a kept submission once more; tells whether it became a lead. Raises NotVisible, Refuse."""
    _kept(ctx, submission_id)
    with as_house("a submission is tried again", source="form") as house:
        return attempt(house, submission_id)


@unit
def drop(ctx: Context, submission_id: int) -> None:
    """Mark a kept submission as spam: it is forgotten in time, and offered no more."""
    _kept(ctx, submission_id).state = DROPPED


def _kept(ctx: Context, submission_id: int) -> Submission:
    access.require(ctx, RULES)
    found = ctx.session.get(Submission, submission_id)
    if found is None:
        raise NotVisible(_("There is no such submission."))
    if found.state == TAKEN:
        raise Refuse(_("This became a lead already."))
    return found


def forget(ctx: Context, args: Mapping[str, Any]) -> None:
    """Remove submissions that are older than three months, so many at a time: a job on a schedule."""
    old = select(Submission.id).where(Submission.at < ctx.now - KEPT).limit(1000)
    while ids := ctx.session.execute(old).scalars().all():
        with ctx.unit():
            ctx.session.execute(
                delete(Submission).where(Submission.id.in_(ids)),
                execution_options={"synchronize_session": False},
            )
