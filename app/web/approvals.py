"""What waits for an approval: for whom, what was asked for, and deciding it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import get_locale
from markupsafe import Markup
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from app.i18n import _, _l, _n
from app.kernel.context import Context
from app.kernel.contributions import Action
from app.kernel.errors import Invalid
from app.kernel.guard import Failure, Surface, run
from app.models import Approval
from app.services import approvals as service
from app.services import approvals_deciding as deciding
from app.services import people, typed_json
from app.services.context import ctx
from app.web import dates
from app.web.forms.base import Form, page
from app.web.render import done, render
from app.web.routes import signed_in

approvals = Blueprint("approvals", __name__)

SHOWN = 3
"""Requests that Today shows."""

STATES = {
    service.WAITING: ("warn", _l("waits")),
    service.APPROVED: ("ok", _l("approved")),
    service.DECLINED: ("bad", _l("declined")),
    service.EXPIRED: ("sys", _l("not decided in time")),
    service.WITHDRAWN: ("sys", _l("withdrawn")),
}


class Deciding(Form):
    """A few words with the decision."""

    note = TextAreaField(_l("Your words"), [Length(max=service.LONGEST)])


@approvals.get("/approvals")
@signed_in
def index() -> Response:
    """Show what waits for the principal, what he asked for, and what he decided lately."""
    asked = ctx()
    return render(
        "approvals/index.html",
        title=_("Approvals"),
        for_me=_rows(asked, service.for_me(asked)),
        by_me=_rows(asked, service.asked_by_me(asked)),
        decided=_rows(asked, service.decided_by_me(asked)),
    )


@approvals.get("/approvals/<int:approval_id>")
@signed_in
def show(approval_id: int) -> Response:
    """Show a request: who asks for what, on which records, and why it has to be approved."""
    return _page(approval_id, Deciding())


@approvals.post("/approvals/<int:approval_id>")
@signed_in
def decide(approval_id: int) -> Response:
    """Approve, decline or take back a request."""
    asked, form = ctx(), Deciding(request.form)
    what = request.form.get("do", "")
    if not form.validate() or what not in {"approve", "decline", "withdraw"}:
        return _page(approval_id, form)
    try:
        return _decided(asked, approval_id, what, form.note.data or "")
    except Invalid as error:
        form.explain(error)
        return _page(approval_id, form)


def _decided(asked: Context, approval_id: int, what: str, note: str) -> Response:
    back = url_for("approvals.show", approval_id=approval_id)
    if what == "approve":
        decision = deciding.approve(asked, approval_id, note)
        if not decision.done:
            return done(back, toast=decision.message, kind="warn")
        return done(back, toast=_("Approved. %(what)s", what=decision.message))
    if what == "decline":
        deciding.decline(asked, approval_id, note)
        return done(back, toast=_("Declined"))
    deciding.withdraw(asked, approval_id)
    return done(url_for("approvals.index"), toast=_("Request withdrawn"))


def for_today(asked: Context) -> dict[str, Any] | None:
    """Return what Today shows of the requests that wait for the principal: rows and how many there are more."""
    count = service.count_for_me(asked)
    if not count:
        return None
    rows = _rows(asked, service.for_me(asked, SHOWN))
    return {"rows": rows, "count": count, "more": count - len(rows)}


def banner(asked: Context, entity: str, record: Any) -> Markup | None:
    """Return what the page of a record says about the requests that wait for it, to those concerned; None without one."""
    found = service.of_record(asked, entity, record.id)
    if not found:
        return None
    return Markup(render_template("approvals/_banner.html", rows=_rows(asked, found)))  # noqa: S704 - our template


# ---------------------------------------------------------------- what templates show


def _page(approval_id: int, form: Form) -> Response:
    asked = ctx()
    row = service.get(asked, approval_id)
    (shown,) = _rows(asked, [row], every=True)
    action = service.declared(asked)[row.action]
    waits = row.state == service.WAITING and row.until > asked.now
    return page(
        "approvals/show.html",
        shown["label"],
        form,
        one=shown,
        data=_data(asked, action, row),
        may_decide=waits and service.may_decide(asked, row),
        may_withdraw=waits and row.asked_by == asked.user.id,
    )


def _rows(asked: Context, found: Sequence[Approval], *, every: bool = False) -> list[dict[str, Any]]:
    ids, who = service.records_of(asked, found), service.names_of(asked, found)
    shown = {row.id: ids[row.id] if every else ids[row.id][:1] for row in found}
    named = people.names(asked, [(row.entity, i) for row in found for i in shown[row.id]])
    actions = service.declared(asked)
    return [_row(asked, row, actions[row.action], shown, ids, who, named) for row in found]


def _row(  # noqa: PLR0913 (what was loaded for the whole page)
    asked: Context,
    row: Approval,
    action: Action,
    shown: Mapping[int, Sequence[int]],
    ids: Mapping[int, Sequence[int]],
    who: Mapping[int, str],
    named: Mapping[tuple[str, int], people.Named],
) -> dict[str, Any]:
    over = row.state == service.WAITING and row.until <= asked.now
    tone, state = STATES[service.EXPIRED if over else row.state]
    return {
        "id": row.id,
        "label": str(action.label),
        "icon": action.icon,
        "url": url_for("approvals.show", approval_id=row.id),
        "reason": row.reason,
        "who": who.get(row.asked_by or 0, _("Somebody who left")),
        "mine": row.asked_by == asked.user.id,
        "state": state,
        "tone": tone,
        "waits": row.state == service.WAITING and not over,
        "asked": dates.ago(row.asked_at),
        "until": dates.moment(row.until),
        "by": who.get(row.decided_by or 0, ""),
        "at": dates.moment(row.decided_at) if row.decided_at else "",
        "note": row.note,
        "records": [_record(named.get((row.entity, i))) for i in shown[row.id]],
        "more": _n("and %(num)s more", "and %(num)s more", hidden)
        if (hidden := len(ids[row.id]) - len(shown[row.id]))
        else "",
    }


def _record(named: people.Named | None) -> dict[str, str]:
    if named is None:
        return {"name": "", "url": ""}
    return {"name": named.name, "url": url_for(named.url, record_id=named.id) if named.url else ""}


def _data(asked: Context, action: Action, row: Approval) -> list[tuple[str, str]]:
    """Return what was typed, under the labels and by the choices of the action's own form."""
    form: Any = None
    if action.form is not None:
        made = run(action.form, owner=action.owner, surface=Surface.PANEL, item=action.key)
        form = None if isinstance(made, Failure) else made
    told = {f.short_name: f for f in form} if form is not None else {}
    return [
        (str(told[name].label.text) if name in told else name, _plain(told.get(name), value))
        for name, value in typed_json.load(row.data).items()
        if value not in (None, "", [])
    ]


def _plain(field: Any, value: Any) -> str:
    """Return a value as people read it."""
    each = field.iter_choices() if isinstance(field, SelectField | SelectMultipleField) else ()
    offered = {str(choice.value): str(choice.label) for choice in each}
    if isinstance(value, list | tuple):
        return ", ".join(_plain(field, one) for one in value)
    if str(value) in offered:
        return offered[str(value)]
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return str(format_decimal(value, locale=get_locale()))
    if isinstance(value, datetime):
        return dates.moment(value)
    return dates.day(value) if isinstance(value, date) else str(value)
