"""Reviews: a round with its questions, what the person, the manager and peers say, calibration, sharing, signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context, Invalid, Notice, NotVisible, _, _l
from app.sdk.services import access, audit, notifications, unit

from ..people import employees, rules
from ..people.choices import MANAGE
from ..people.models import Above, Employee
from ..rows import by_id
from . import secret
from .models import Cycle, Feedback, Review

SELF, MANAGER, PEER = "self", "manager", "peer"
MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the reader is to a review: the person, above, HR, or a peer who was asked."""

    own: bool
    above: bool
    manages: bool
    feedback: Feedback | None

    @property
    def leads(self) -> bool:
        """Whether the reader sees everything that was said."""
        return not self.own and (self.above or self.manages)


def get(ctx: Context, review_id: int) -> tuple[Review, Cycle, Part]:
    """Return a review that concerns the reader. Raises NotVisible."""
    review: Review | None = by_id(ctx, Review, review_id)
    me = employees.own(ctx)
    if review is not None:
        query = select(Feedback).where(
            Feedback.review_id == review_id, Feedback.author_id == (me.id if me else 0)
        )
        feedback = ctx.session.execute(query).scalar_one_or_none()
        above = select(Above.id).where(
            Above.employee_id == review.employee_id, Above.user_id == ctx.user.id, Above.steps > 0
        )
        part = Part(
            own=me is not None and me.id == review.employee_id,
            above=ctx.session.execute(above.limit(1)).first() is not None,
            manages=ctx.may(MANAGE),
            feedback=feedback,
        )
        if part.own or part.leads or feedback is not None:
            return review, ctx.session.get_one(Cycle, review.cycle_id), part
    raise NotVisible(_("There is no such review."))


@unit
def begin(ctx: Context, name: str, questions: Sequence[str], days: tuple[str, str]) -> Cycle:
    """Start a round for everybody who is employed: each writes about him- or herself, each manager about those below."""
    access.require(ctx, MANAGE)
    cycle = Cycle(name=name, questions=list(questions), starts_on=days[0], ends_on=days[1])
    ctx.session.add(cycle)
    ctx.session.flush()
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    query = select(Employee.id, Employee.user_id, Employee.manager_id).where(
        Employee.started_on <= today, or_(Employee.ended_on == "", Employee.ended_on >= today)
    )
    rows = ctx.session.execute(query.order_by(Employee.id).limit(MOST)).all()
    for row in rows:
        review = Review(cycle_id=cycle.id, employee_id=row.id)
        ctx.session.add(review)
        ctx.session.flush()
        ctx.session.add(Feedback(review_id=review.id, author_id=row.id, kind=SELF))
        if row.manager_id is not None:
            ctx.session.add(Feedback(review_id=review.id, author_id=row.manager_id, kind=MANAGER))
    ctx.session.flush()
    users = [row.user_id for row in rows if row.user_id is not None]
    notifications.send(
        ctx, users, "hr.review", _l("Reviews begin: %(name)s", name=name), key=f"hr-cycle-{cycle.id}"
    )
    return cycle


@unit
def ask_peer(ctx: Context, review_id: int, employee_id: int) -> None:
    """Ask a colleague for feedback; for those above and HR. Raises NotVisible or Invalid."""
    review, cycle, part = get(ctx, review_id)
    if not part.leads:
        raise NotVisible(_("There is no such review."))
    peer = ctx.session.execute(select(Employee).where(Employee.id == employee_id)).scalar_one_or_none()
    if peer is None or peer.id == review.employee_id or cycle.closed:
        raise Invalid({"peer": _("Choose a colleague.")})
    known = select(Feedback.id).where(Feedback.review_id == review_id, Feedback.author_id == employee_id)
    if ctx.session.execute(known).first() is None:
        ctx.session.add(Feedback(review_id=review_id, author_id=employee_id, kind=PEER))
        if peer.user_id is not None:
            text = _l("You are asked for feedback: %(name)s", name=cycle.name)
            notifications.send(
                ctx, [peer.user_id], "hr.review", text, key=f"hr-peer-{review_id}-{employee_id}"
            )


@unit
def write(
    ctx: Context, review_id: int, answers: Mapping[str, str], rating: int | None, *, hand_in: bool
) -> None:
    """Keep what the reader says; handed in, it stays as it is. Raises NotVisible or Invalid."""
    _review, cycle, part = get(ctx, review_id)
    if part.feedback is None:
        raise NotVisible(_("There is no such review."))
    if cycle.closed or part.feedback.handed_in_at is not None:
        raise Invalid({"answers": _("This is handed in already.")})
    if hand_in and not all(text.strip() for text in answers.values()):
        raise Invalid({"answers": _("Answer every question before you hand it in.")})
    if rating is not None and not 1 <= rating <= 5:
        raise Invalid({"rating": _("Choose a rating from 1 to 5.")})
    part.feedback.sealed = secret.sealed(dict(answers), f"hr_feedback.{part.feedback.id}")
    part.feedback.rating = rating
    part.feedback.handed_in_at = ctx.now if hand_in else None


def said(ctx: Context, review: Review, part: Part) -> list[dict[str, Any]]:
    """Return what was said, as far as the reader may see it; peers are named to those who lead alone."""
    query = select(Feedback, Employee.name).join(Employee, Employee.id == Feedback.author_id)
    query = query.where(Feedback.review_id == review.id, Feedback.handed_in_at.is_not(None))
    rows = (
        ctx.session.execute(query.order_by(Feedback.kind, Feedback.id).limit(50)).all()
        if part.leads
        else _bare(ctx, review)
    )
    found = []
    for feedback, name in rows:
        mine = part.feedback is not None and feedback.id == part.feedback.id
        if part.leads or mine or (part.own and review.shared_at is not None):
            answers = secret.opened(feedback.sealed, f"hr_feedback.{feedback.id}") or {}
            shown = name if part.leads or feedback.kind != PEER else ""
            found.append(
                {"kind": feedback.kind, "name": shown, "answers": answers, "rating": feedback.rating}
            )
    if part.leads:
        audit.note(ctx, "hr.review.read", f"hr.review:{review.id}", employee=review.employee_id)
    return found


def _bare(ctx: Context, review: Review) -> Sequence[Any]:
    query = select(Feedback).where(Feedback.review_id == review.id, Feedback.handed_in_at.is_not(None))
    return [(row, "") for row in ctx.session.execute(query.order_by(Feedback.kind, Feedback.id)).scalars()]


@unit
def settle(ctx: Context, review_id: int, do: str, rating: int | None = None) -> None:
    """Rate, share or sign a review. Raises NotVisible or Invalid."""
    review, cycle, part = get(ctx, review_id)
    if do == "sign":
        if not part.own or review.shared_at is None:
            raise NotVisible(_("There is no such review."))
        review.signed_at = review.signed_at or ctx.now
        return
    if not part.leads or cycle.closed or do not in {"rate", "share"}:
        raise NotVisible(_("There is no such review."))
    if do == "rate":
        if rating is None or not 1 <= rating <= 5 or review.signed_at is not None:
            raise Invalid({"rating": _("Choose a rating from 1 to 5.")})
        audit.note(ctx, "hr.review.rate", f"hr.review:{review_id}", changed=["rating"])
        review.rating = rating
        return
    review.shared_at = review.shared_at or ctx.now
    query = select(Employee.user_id).where(Employee.id == review.employee_id)
    if (user_id := ctx.session.execute(query).scalar()) is not None:
        text = _l("Your review is ready: %(name)s", name=cycle.name)
        notifications.send(ctx, [user_id], "hr.review", text, key=f"hr-shared-{review_id}")


def listed(ctx: Context, cycle_id: int) -> Sequence[Any]:
    """Return the reviews of a round whom the reader leads: (review, name, what the manager gave), by name."""
    given = select(Feedback.review_id, Feedback.rating).where(Feedback.kind == MANAGER).subquery()
    query = (
        select(Review, Employee.name, given.c.rating)
        .join(Employee, Employee.id == Review.employee_id)
        .outerjoin(given, given.c.review_id == Review.id)
        .where(
            Review.cycle_id == cycle_id, rules.concerned(ctx, Review.employee_id, frozenset({rules.CHAIN}))
        )
        .where(Review.employee_id.not_in(rules.mine(ctx)))
        .order_by(Employee.name, Review.id)
    )
    return ctx.session.execute(query.limit(500)).all()


def mine(ctx: Context) -> Sequence[Any]:
    """Return what the reader has to write or may read: (review id, round, kind or "", handed in), the latest first."""
    me = employees.own(ctx)
    query = (
        select(Review.id, Review.employee_id, Cycle.name, Cycle.ends_on, Feedback.kind, Feedback.handed_in_at)
        .join(Cycle, Cycle.id == Review.cycle_id)
        .join(Feedback, Feedback.review_id == Review.id)
        .where(Feedback.author_id == (me.id if me else 0))
        .order_by(Cycle.ends_on.desc(), Review.id)
    )
    return ctx.session.execute(query.limit(100)).all()


NOTICES = (
    Notice(name="review", label=_l("Reviews and feedback"), icon="messages-square", tone="sys", order=63),
)
