"""The pages of the board: columns with cards, further cards of a column, and moving a deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import flash, request, url_for
from markupsafe import Markup, escape
from sqlalchemy import select

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.filters import ExprError
from app.sdk.models import Team
from app.sdk.services import access, people, records
from app.sdk.web import Response, ctx, done, fragment, is_partial, local_path, money, render, requires

from . import board, cards, options, permissions, rules, service, stages
from .blueprint import pages
from .board import Asked, Column, Names
from .choices import LOST
from .fields import DEAL
from .models import Pipeline, Stage
from .sums import Sum

TONES = 5


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A column as its template shows it; `buttons` are the ways to every stage, the same for each of its cards."""

    id: int
    name: str
    tone: str
    open: bool
    count: int
    value: str
    share: float
    start: float
    cards: list[cards.Card]
    buttons: Markup
    more: str


@pages.get("/board")
@requires("sales.deal.view")
def first_board() -> Response:
    """Show the board of the first pipeline, or say that there is none."""
    asked = ctx()
    found = stages.pipelines(asked)
    if not found:
        return render("sales/deals/none.html", title=_("Deals"))
    return _board(asked, found[0])


@pages.get("/board/<int:pipeline_id>")
@requires("sales.deal.view")
def board_of(pipeline_id: int) -> Response:
    """Show the board of a pipeline."""
    asked = ctx()
    return _board(asked, stages.pipeline(asked, pipeline_id))


@pages.get("/board/<int:pipeline_id>/<int:stage_id>")
@requires("sales.deal.view")
def more(pipeline_id: int, stage_id: int) -> Response:
    """Show further cards of a column; without htmx as a page of their own."""
    asked = ctx()
    wanted = _asked(stages.pipeline(asked, pipeline_id))
    stage = stages.stage(asked, stage_id)
    try:
        rows, beyond = board.cards(asked, wanted, stage, request.args.get("after", ""))
    except ExprError as error:
        raise Invalid({"where": error.sentence}) from error
    column = Column(stage=stage, sum=Sum(), rows=rows, next=beyond)
    shown = _column(asked, wanted, column, 0, Sum(), board.names(asked, rows))
    values: dict[str, Any] = {"col": shown, "asked": wanted, "back": _home(wanted), "here": _home(wanted)}
    values["may_edit"] = asked.may(f"{DEAL}.edit")
    return render("sales/deals/more.html", block="sales/deals/_cards.html#cards", title=stage.name, **values)


@pages.post("/deals/<int:record_id>/stage")
@requires("sales.deal.edit")
def move(record_id: int) -> Response:
    """Move a deal to a stage; what the stage needs first is asked on a page of its own."""
    asked = ctx()
    deal = records.get(asked, DEAL, record_id, "edit")
    to = stages.stage(asked, _number(request.form.get("stage", "")))
    seen = _number(request.form.get("seen", "")) or None
    back = local_path(request.form.get("next")) or url_for("sales_deals.show", record_id=record_id)
    former, name = deal.stage_id, deal.name
    if former != to.id and seen in (None, former) and _lacks(asked, deal, to):
        return done(url_for("sales_deals.advance", record_id=record_id, to=to.id, next=back))
    try:
        service.move(asked, deal, to, seen_stage=seen)
    except (Invalid, Refuse) as error:
        return _refused(asked, deal, to, str(error), back)
    told = _("“%(deal)s” is in “%(stage)s” now.") % {"deal": name, "stage": to.name}
    return _moved(asked, to.pipeline_id or 0, {former, to.id, seen or former}, told, back, "ok")


def _lacks(asked: Context, deal: Any, to: Stage) -> bool:
    left = stages.find(asked, deal.stage_id)
    return bool(rules.needs(asked, deal, to) or rules.unchecked(deal, left, to))


def _refused(asked: Context, deal: Any, to: Stage, sentence: str, back: str) -> Response:
    asked.session.refresh(deal)
    seen = _number(request.form.get("seen", ""))
    return _moved(asked, deal.pipeline_id, {deal.stage_id, to.id, seen}, sentence, back, "bad")


def _moved(asked: Context, pipeline_id: int, touched: set[int], told: str, back: str, kind: str) -> Response:
    """Answer a move: on the board with the columns that changed and the totals, elsewhere with the page before."""
    if not is_partial() or "board" not in request.form:
        return done(back, toast=told, kind=kind)
    flash(told, f"{kind}|")
    wanted = _asked(stages.pipeline(asked, pipeline_id), dict(parse_qsl(urlsplit(back).query)))
    values = _values(asked, wanted, touched)
    values["columns"] = [column for column in values["columns"] if column.id in touched]
    return fragment("sales/deals/_moved.html", status=200, **values)


def _board(asked: Context, pipeline: Pipeline) -> Response:
    wanted = _asked(pipeline)
    problem = ""
    try:
        values = _values(asked, wanted)
    except ExprError as error:
        problem = error.sentence
        values = _values(asked, Asked(pipeline=pipeline, owner=wanted.owner, team=wanted.team))
    return render(
        "sales/deals/board.html",
        title=pipeline.name,
        status=422 if problem else 200,
        problem=problem,
        typed=wanted.where,
        pipeline=pipeline,
        pipelines=stages.pipelines(asked),
        people=[(str(i), name) for i, name in people.colleagues(asked)],
        teams=_teams(asked),
        may_manage=asked.may(permissions.MANAGE),
        **values,
    )


TEAMS = select(Team.id, Team.name).order_by(Team.name)


def _teams(asked: Context) -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in access.rows(asked, TEAMS, {})]


def _values(asked: Context, wanted: Asked, only: set[int] | None = None) -> dict[str, Any]:
    """Return what the templates of the board need: the columns, and the totals of what is open."""
    found, names = board.columns(asked, wanted, only)
    still = [column for column in found if column.stage.outcome == "open"]
    total = sum((column.sum for column in still), Sum())
    shown, start = [], 0.0
    for at, column in enumerate(found):
        made = _column(asked, wanted, column, at * TONES // max(len(found), 1) + 1, total, names, start)
        start += made.share
        shown.append(made)
    currency = options.currency(asked)
    return {
        "columns": shown,
        "totals_of": shown,
        "total": {
            "count": total.count,
            "value": money(total.value, currency),
            "weighted": money(total.weighted, currency),
            "due": money(total.due, currency),
        },
        "asked": wanted,
        "may_edit": asked.may(f"{DEAL}.edit"),
        "may_create": asked.may(f"{DEAL}.create"),
        "here": _home(wanted),
    }


def _column(  # noqa: PLR0913 (what one column is made of)
    asked: Context, wanted: Asked, column: Column, tone: int, total: Sum, names: Names, start: float = 0
) -> Shown:
    stage = column.stage
    share = float(column.sum.value / total.value * 100) if stage.outcome == "open" and total.value else 0.0
    more_url = ""
    if column.next:
        address: dict[str, Any] = {"pipeline_id": wanted.pipeline.id, "stage_id": stage.id, **wanted.args()}
        more_url = url_for("sales_deals.more", after=column.next, **address)
    return Shown(
        id=stage.id,
        name=stage.name,
        tone=f"q{tone}" if tone else "",
        open=stage.outcome == "open",
        count=column.sum.count,
        value=money(column.sum.value, options.currency(asked)),
        share=round(share, 2),
        start=round(start, 2),
        cards=[cards.card(asked, row, names) for row in column.rows],
        buttons=_buttons(asked, wanted.pipeline, stage),
        more=more_url,
    )


def _buttons(asked: Context, pipeline: Pipeline, here: Stage) -> Markup:
    """Return the ways to each stage as markup: it stands in every card of a column."""
    made = Markup()
    for stage in stages.stages(asked, pipeline):
        value, name = str(stage.id), escape(stage.name)
        if stage.outcome == LOST:
            made += Markup('<hr><button class="bad" name="stage" value="{}">{}</button>').format(value, name)
        elif stage.id == here.id:
            now = escape(_("now here"))
            made += Markup(
                '<button name="stage" value="{}" aria-current="true">{}<span class="push">{}</span></button>'
            ).format(value, name, now)
        else:
            made += Markup('<button name="stage" value="{}">{}</button>').format(value, name)
    return made


def _asked(pipeline: Pipeline, given: Any = None) -> Asked:
    values = given if given is not None else request.args
    return Asked(
        pipeline=pipeline,
        owner=values.get("owner", "")[:10],
        team=values.get("team", "")[:10],
        where=values.get("where", "").replace("\x00", "").strip()[:2000],
    )


def _home(wanted: Asked) -> str:
    args: dict[str, Any] = wanted.args()
    return url_for("sales_deals.board_of", pipeline_id=wanted.pipeline.id, **args)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
