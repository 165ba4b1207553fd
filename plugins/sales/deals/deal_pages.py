"""A deal's page: where it stands, what is missing, who is involved, what happened."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.sdk import Conflict, Context, Invalid, Refuse, _
from app.sdk.models import Company, Contact
from app.sdk.services import access, nonces, people, records, unit
from app.sdk.web import (
    Response,
    composer,
    ctx,
    day_text,
    done,
    local_path,
    nudge,
    record_page,
    render,
    requires,
)

from ..products.money import shown as exact
from . import cards, forms, history, involved, options, rules, service, stages
from .blueprint import pages
from .choices import LOST, OPEN, ROLES, STANCES, WON
from .fields import DEAL
from .models import Deal, Stage

ASIDE = (
    "amount",
    "close_on",
    "probability",
    "category",
    "owner_id",
    "team_id",
    "opened_on",
    "campaign",
    "note",
)
ALWAYS = ("amount", "close_on", "owner_id")
OWN = {"csrf_token", "version", "nonce", "next", "stage"}


@pages.get("/deals/<int:record_id>")
@requires("sales.deal.view")
def show(record_id: int) -> Response:
    """Show a deal."""
    asked = ctx()
    deal: Deal = records.get(asked, DEAL, record_id)
    log = composer(deal, entity=DEAL) if asked.may("interaction.create") else {"composer": None}
    return record_page(
        "sales/deals/show.html",
        DEAL,
        deal,
        aside=ASIDE,
        always=ALWAYS,
        nudge=nudge(DEAL, deal),
        **_standing(asked, deal),
        **_around(asked, deal),
        **log,
    )


def _standing(asked: Context, deal: Deal) -> dict[str, Any]:
    """Return where a deal stands: its stages as a row, what is wrong with it, its amount."""
    pipeline = stages.pipeline(asked, deal.pipeline_id)
    stage = stages.stage(asked, deal.stage_id)
    sign, tone = cards.signs(asked, deal)
    number = max((asked.now - deal.stage_since).days, 0)
    return {
        "deal": deal,
        "pipeline": pipeline,
        "stage": stage,
        "stages": [s for s in stages.stages(asked, pipeline) if s.outcome != LOST],
        "lost": next((s for s in stages.stages(asked, pipeline) if s.outcome == LOST), None),
        "is_open": deal.outcome == OPEN,
        "won": deal.outcome == WON,
        "stale": cards.is_stale(asked, deal),
        "flag": sign if tone in ("bad", "sys") else "",
        "flag_tone": tone,
        "value": exact(deal.amount, deal.currency, asked.locale)
        if deal.amount is not None and deal.currency
        else "",
        "in_reports": _base(asked, deal),
        "in_stage": number,
        "slow": deal.outcome == OPEN and 0 < stage.expected_days < number,
        "reason": next((r.name for r in stages.all_reasons(asked) if r.id == deal.reason_id), ""),
        "checklist": [(line, line in deal.checked) for line in stage.checklist],
    }


def _base(asked: Context, deal: Deal) -> str:
    currency = options.currency(asked)
    if deal.amount is None or deal.currency == currency:
        return ""
    return exact(deal.amount_base, currency, asked.locale)


def _around(asked: Context, deal: Deal) -> dict[str, Any]:
    """Return who is involved in a deal, and its way through the stages."""
    known = {stage.id: stage.name for stage in stages.known(asked).stages}
    moves = history.of(asked, deal.id, 30)
    who = people.user_names(asked, {m.user_id for m in moves if m.user_id})
    roles, stances = {c.value: c.label for c in ROLES}, {c.value: c for c in STANCES}
    targets = {(e, i) for e, i in (("company", deal.company_id), ("contact", deal.contact_id)) if i}
    return {
        "with_": [
            {
                "name": named.name,
                "url": url_for(named.url, record_id=named.id) if named.url else "",
                "entity": named.entity,
            }
            for named in people.names(asked, targets).values()
        ],
        "people": [
            {
                "id": person.id,
                "name": person.formatted_name,
                "url": url_for("contacts.show", record_id=person.id),
                "role": roles.get(part.role, part.role),
                "stance": stances.get(part.stance),
            }
            for part, person in involved.people(asked, deal)
        ],
        "competitors": involved.competitors(asked, deal),
        "moves": [
            {
                "to": known.get(move.to_stage_id or 0, "–"),
                "since": known.get(move.from_stage_id or 0, ""),
                "day": day_text(move.at),
                "who": who.get(move.user_id or 0, ""),
                "days": move.days,
            }
            for move in moves
        ],
        "roles": [(c.value, c.label) for c in ROLES],
        "stances": [("", _("Neither")), *((c.value, c.label) for c in STANCES)],
        "may_edit": asked.may(f"{DEAL}.edit"),
    }


@pages.route("/deals/new", methods=["GET", "POST"])
@requires("sales.deal.create")
def new() -> Response:
    """Write a deal down: for a contact or a company when the address says so."""
    asked = ctx()
    known = _known(asked)
    stored = {k: v for k, v in known.items() if k != "stage_id"}
    form = forms.new(asked, request.form if request.method == "POST" else None, stored)
    stage = stages.stage(asked, known["stage_id"])
    if request.method == "GET":
        return _new(asked, form, stage)
    sound = form.validate()
    values = {**form.filled(), "stage_id": stage.id}
    if not sound:
        form.foresee(lambda: service.open_deal(asked, values))
        return _new(asked, form, stage, 422)
    try:
        made, fresh = nonces.once(
            asked, request.form.get("nonce", ""), DEAL, lambda: service.open_deal(asked, values)
        )
    except Invalid as error:
        form.blame(error.problems)
        return _new(asked, form, stage, 422)
    except Refuse as error:
        form.blame({"": error.reason})
        return _new(asked, form, stage, 422)
    told = _("Deal saved") if fresh else _("This deal was saved already")
    return done(url_for("sales_deals.show", record_id=made), toast=told)


def _known(asked: Context) -> dict[str, Any]:
    """Return what is known of a new deal: whom it is with, where it begins, what it is priced in."""
    wanted = _number(request.values.get("stage", ""))
    pipeline = _number(request.args.get("pipeline", ""))
    of = stages.pipeline(asked, pipeline) if pipeline else stages.default_pipeline(asked)
    stage = stages.find(asked, wanted) or stages.first(asked, of)
    of = stages.pipeline(asked, stage.pipeline_id)
    found: dict[str, Any] = {"currency": of.currency or options.currency(asked), "stage_id": stage.id}
    found["owner_id"] = asked.user.id
    kind, record_id = request.args.get("of", ""), _number(request.args.get("record_id", ""))
    if kind == "contact" and record_id:
        person = access.get(asked, Contact, record_id)
        found |= {"contact_id": person.id, "name": _("Deal with %(name)s", name=person.formatted_name)}
        found["company_id"] = _employer(asked, person)
    if kind == "company" and record_id:
        firm = access.get(asked, Company, record_id)
        found |= {"company_id": firm.id, "name": _("Deal with %(name)s", name=firm.name)}
    return found


def _employer(asked: Context, person: Contact) -> int | None:
    from sqlalchemy import select

    from app.sdk.models import Affiliation

    query = select(Affiliation.company_id).where(
        Affiliation.contact_id == person.id, Affiliation.company_id.is_not(None)
    )
    found = (
        asked.session.execute(query.order_by(Affiliation.is_primary.desc(), Affiliation.id)).scalars().first()
    )
    return found if found and access.visible_ids(asked, Company, [found]) else None


def _new(asked: Context, form: Any, stage: Stage, status: int = 200) -> Response:
    title = _("New deal")
    return render(
        "sales/deals/new.html",
        status=status,
        title=title if status == 200 else _("Error: %(title)s", title=title),
        heading=title,
        form=form,
        stage=str(stage.id),
        options=forms.stage_options(asked),
        nonce=request.form.get("nonce") or nonces.fresh(),
        action=request.full_path.rstrip("?"),
        back=url_for("sales_deals.board_of", pipeline_id=stage.pipeline_id),
    )


@pages.route("/deals/<int:record_id>/edit", methods=["GET", "POST"])
@requires("sales.deal.edit")
def edit(record_id: int) -> Response:
    """Show all fields of a deal, and save them."""
    asked = ctx()
    deal: Deal = records.get(asked, DEAL, record_id, "edit")
    form = forms.whole(asked, deal, request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _edit(deal, form)
    if not form.validate():
        form.foresee(lambda: records.update(asked, DEAL, record_id, form.changes()))
        return _edit(deal, form, 422)
    try:
        version = _number(request.form.get("version", "")) or None
        records.update(asked, DEAL, record_id, form.changes(), seen_version=version)
    except Invalid as error:
        form.blame(error.problems)
        return _edit(deal, form, 422)
    except Refuse as error:
        form.blame({"": error.reason})
        return _edit(deal, form, 422)
    except Conflict as error:
        for clash in error.clashes:
            told = _("Somebody else has changed this meanwhile, to “%(now)s”. Save again to keep yours.")
            form.blame({clash.field: told % {"now": clash.now}})
        asked.session.refresh(deal)
        return _edit(deal, form, 409, version=error.version)
    return done(url_for("sales_deals.show", record_id=record_id), toast=_("Saved"))


def _edit(deal: Deal, form: Any, status: int = 200, version: int | None = None) -> Response:
    title = _("Edit %(name)s", name=deal.name)
    return render(
        "sales/deals/edit.html",
        status=status,
        title=title if status == 200 else _("Error: %(title)s", title=title),
        heading=title,
        form=form,
        version=version or request.form.get("version") or deal.version,
        action=url_for("sales_deals.edit", record_id=deal.id),
        back=url_for("sales_deals.show", record_id=deal.id),
    )


@pages.route("/deals/<int:record_id>/advance", methods=["GET", "POST"])
@requires("sales.deal.edit")
def advance(record_id: int) -> Response:
    """Ask for what a stage needs of a deal, and then move it there."""
    asked = ctx()
    deal: Deal = records.get(asked, DEAL, record_id, "edit")
    to = stages.stage(asked, _number(request.values.get("to", "")))
    left = stages.find(asked, deal.stage_id)
    names = list(
        dict.fromkeys([*rules.needs(asked, deal, to), *(["reason_id"] if to.outcome == LOST else [])])
    )
    names += ["reason_note"] if to.outcome == LOST else []
    form = forms.missing(asked, deal, names, request.form if request.method == "POST" else None)
    _reasons(asked, form, to)
    lines = list(left.checklist) if left is not None and rules.unchecked(deal, left, to) else []
    if request.method == "POST" and form.validate():
        ticked = [*deal.checked, *(line for line in request.form.getlist("checked") if line in lines)]
        changes = {**form.changes(), "stage_id": to.id, "checked": list(dict.fromkeys(ticked))}
        try:
            records.update(asked, DEAL, record_id, changes)
            told = _("“%(deal)s” is in “%(stage)s” now.") % {"deal": deal.name, "stage": to.name}
            back = local_path(request.values.get("next")) or url_for("sales_deals.show", record_id=record_id)
            return done(back, toast=told)
        except Refuse as error:
            form.blame({"": error.reason})
        except Invalid as error:
            form.blame(error.problems)
    title = _("Move to “%(stage)s”", stage=to.name)
    return render(
        "sales/deals/advance.html",
        status=422 if request.method == "POST" else 200,
        title=title if request.method == "GET" else _("Error: %(title)s", title=title),
        heading=title,
        deal=deal,
        to=to,
        form=form,
        lines=[(line, line in deal.checked or line in request.form.getlist("checked")) for line in lines],
        next=local_path(request.values.get("next")) or "",
        back=url_for("sales_deals.show", record_id=record_id),
    )


def _reasons(asked: Context, form: Any, to: Stage) -> None:
    """Offer only the reasons that fit: for winning or for losing."""
    if "reason_id" in form and to.outcome in (WON, LOST):
        fitting = {str(r.id) for r in stages.reasons(asked, to.outcome)}
        control = form["reason_id"]
        control._offered = [choice for choice in control._offered if choice.value in fitting]


@pages.post("/deals/<int:record_id>/checklist")
@requires("sales.deal.edit")
def tick(record_id: int) -> Response:
    """Tick lines of the checklist of the present stage off, or open them again."""
    asked = ctx()
    _tick(asked, record_id, request.form.getlist("checked"))
    return done(url_for("sales_deals.show", record_id=record_id), toast=_("Saved"))


@unit
def _tick(asked: Context, record_id: int, ticked: list[str]) -> None:
    deal: Deal = records.get(asked, DEAL, record_id, "edit")
    lines = stages.stage(asked, deal.stage_id).checklist
    kept = [line for line in deal.checked if line not in lines]
    records.update(asked, DEAL, record_id, {"checked": [*kept, *(line for line in lines if line in ticked)]})


@pages.post("/deals/<int:record_id>/people")
@requires("sales.deal.edit")
def add_person(record_id: int) -> Response:
    """Give somebody, named by the whole name, a part in a deal."""
    asked = ctx()
    back = url_for("sales_deals.show", record_id=record_id, _anchor="people")
    try:
        contact_id = _person(asked, request.form.get("person", ""))
        role, stance = request.form.get("role", "other"), request.form.get("stance", "")
        involved.add_person(asked, record_id, contact_id, role, stance)
    except Invalid as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("Saved"))


def _person(asked: Context, text: str) -> int:
    from sqlalchemy import select

    name = " ".join(text.split())[:300]
    query = select(Contact.id).where(Contact.formatted_name == name).limit(2)
    found = asked.session.execute(query).scalars().all() if name else []
    if len(found) == 1:
        return int(found[0])
    if found:
        raise Invalid(
            {"person": _("There are several called “%(text)s”. Rename one of them first.", text=name)}
        )
    raise Invalid(
        {"person": _("There is no “%(text)s” among your contacts. Write the whole name.", text=name)}
    )


@pages.post("/deals/<int:record_id>/people/<int:contact_id>/remove")
@requires("sales.deal.edit")
def remove_person(record_id: int, contact_id: int) -> Response:
    """Take somebody out of a deal."""
    involved.remove_person(ctx(), record_id, contact_id)
    return done(url_for("sales_deals.show", record_id=record_id, _anchor="people"), toast=_("Taken out"))


@pages.post("/deals/<int:record_id>/competitors")
@requires("sales.deal.edit")
def add_competitor(record_id: int) -> Response:
    """Note who else wants a deal."""
    back = url_for("sales_deals.show", record_id=record_id, _anchor="competitors")
    try:
        involved.add_competitor(ctx(), record_id, request.form.get("name", ""), request.form.get("note", ""))
    except Invalid as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("Saved"))


@pages.post("/deals/<int:record_id>/competitors/<int:competitor_id>/remove")
@requires("sales.deal.edit")
def remove_competitor(record_id: int, competitor_id: int) -> Response:
    """Take a competitor off a deal."""
    involved.remove_competitor(ctx(), record_id, competitor_id)
    return done(url_for("sales_deals.show", record_id=record_id, _anchor="competitors"), toast=_("Taken out"))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
