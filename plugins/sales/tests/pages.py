"""What the pages of sales show when every page is walked through: the demonstration, and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.services import acting

from ..cadences.models import Cadence, CadenceStep, Enrolment, Touch
from ..deals import stages
from ..deals.models import Deal, Pipeline, Reason, Stage
from ..goals.models import Plan, Split
from ..leads import ready
from ..leads.choices import OPEN
from ..leads.models import AssignRule, Lead, LeadForm, ScoreRule, Submission
from ..plugin import Sales
from ..products.models import DealLine, PriceList, Product
from ..quotes import tokens
from ..quotes.models import Quote

SELLER = 3
"""A representative of the demonstration."""


def records(ctx: Context) -> Mapping[Any, Any]:
    """Make what the pages show; returns (endpoint, part) or part of an address → value."""
    stages.make_ready(ctx)
    ready.make_ready(ctx)
    with ctx.unit(), acting(ctx):
        Sales().kith_demo(ctx)
    deal, draft, issued = _deal(ctx), _quote(ctx, "draft"), _quote(ctx, "issued")
    quote = {("sales_quotes.show", "record_id"): issued.id, ("sales_quotes.edit", "record_id"): draft.id}
    lead = _first(ctx, Lead, Lead.status.in_(OPEN), Lead.contact_id.is_not(None))
    kinds = {"cadences": Cadence, "lead_forms": LeadForm, "price_lists": PriceList, "products": Product}
    return {
        **{(f"sales_deals.{page}", "record_id"): deal.id for page in ("show", "advance", "edit")},
        **{(f"sales_quotes.{page}", "record_id"): issued.id for page in ("pdf", "print_page")},
        **{(f"sales_leads.{page}", "record_id"): lead.id for page in ("show", "qualify")},
        **{
            (f"sales_{kind}.{page}", "record_id"): _first(ctx, model).id
            for kind, model in kinds.items()
            for page in ("show", "edit")
        },
        **{
            (f"sales_offer.{page}", "token"): tokens.of(issued)
            for page in ("show", "logo", "pdf", "print_page")
        },
        **{(f"sales_public_forms.{page}", "token"): _form(ctx).token for page in ("show", "thanks")},
        **quote,
        ("sales_lead_rules.assign_edit", "rule_id"): _first(ctx, AssignRule).id,
        ("sales_lead_rules.score_edit", "rule_id"): _first(ctx, ScoreRule).id,
        "pipeline_id": _first(ctx, Pipeline).id,
        "stage_id": _first(ctx, Stage).id,
        "reason_id": _first(ctx, Reason).id,
        "plan_id": _first(ctx, Plan).id,
        "user_id": SELLER,
        "deal_id": deal.id,
        "touch_id": _touch(ctx),
        "what": "moved",
    }


def _first(ctx: Context, model: Any, *conditions: Any) -> Any:
    query = select(model).where(*conditions).order_by(model.id).limit(1)
    return ctx.session.execute(query).scalar_one()


def _deal(ctx: Context) -> Any:
    """Return an open deal with lines, people and a split."""
    lined = select(DealLine.deal_id)
    found = _first(ctx, Deal, Deal.outcome == "open", Deal.owner_id.is_not(None), Deal.id.in_(lined))
    with ctx.unit():
        for user_id, percent in ((SELLER, 60), (2, 40)):
            ctx.session.add(Split(deal_id=found.id, user_id=user_id, percent=percent))
    return found


def _quote(ctx: Context, status: str) -> Any:
    return _first(ctx, Quote, Quote.status == status)


def _form(ctx: Context) -> Any:
    """Return a form that asks for everything, and keep something that came by it."""
    found = _first(ctx, LeadForm)
    told = {"utm_source": "news", "landing_page": "/roofs"}
    values = {"person": "Eva Brandt", "email": "eva@brandt.example", "message": "A long word: " + "x" * 300}
    with ctx.unit():
        found.proof = True
        number = ctx.session.execute(select(func.count(Submission.id))).scalar()
        ctx.session.add(
            Submission(
                form_id=found.id,
                nonce=f"n{number}",
                state="held",
                why="Came without the work.",
                email="eva@brandt.example",
                values=values,
                told=told,
            )
        )
    return found


def _touch(ctx: Context) -> int:
    """Return a step that waits: an e-mail with its text."""
    enrolment = _first(ctx, Enrolment)
    step = _first(
        ctx, CadenceStep, CadenceStep.cadence_id == enrolment.cadence_id, CadenceStep.kind == "email"
    )
    with ctx.unit():
        made = Touch(
            enrolment_id=enrolment.id, step_id=step.id, position=step.position, kind="email", user_id=SELLER
        )
        ctx.session.add(made)
        ctx.session.flush()
    return made.id
