"""The pages where rules of leads are changed, tried, and where kept submissions are looked at."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.services import people
from app.sdk.web import ctx, done, render, requires

from . import cases, rule_changes, rule_forms, submissions
from .choices import GRADES
from .models import AssignRule, LeadForm, ScoreRule
from .permissions import RULES

pages = Blueprint("sales_lead_rules", __name__)

WEIGHT = "weight_"


@pages.get("/lead-rules")
@requires(RULES)
def index() -> Response:
    """Show the rules of assignment and of the score, the reasons, and how much is kept."""
    asked = ctx()
    return render(
        "sales/leads/rules.html",
        title=_("Rules of leads"),
        assign=rule_changes.every(asked, AssignRule),
        score=rule_changes.every(asked, ScoreRule),
        reasons=cases.reasons(asked),
        kept=len(submissions.waiting(asked)),
        most=submissions.MOST,
        settings_url=url_for("admin_plugins.show", name="sales") if asked.may("admin.plugins") else None,
    )


# ---------------------------------------------------------------- assignment


@pages.route("/lead-rules/assign/new", methods=["GET", "POST"])
@requires(RULES)
def assign_new() -> Response:
    """Make a rule of assignment, after trying it on the last leads."""
    return _assign(None)


@pages.route("/lead-rules/assign/<int:rule_id>", methods=["GET", "POST"])
@requires(RULES)
def assign_edit(rule_id: int) -> Response:
    """Change a rule of assignment, after trying it on the last leads."""
    return _assign(rule_changes.get(ctx(), AssignRule, rule_id))


def _assign(rule: Any) -> Response:
    asked = ctx()
    form: Any = rule_forms.AssignForm(_posted(), **(_stored(asked, rule) if rule else {}))
    weights = (
        _weights()
        if request.method == "POST"
        else {p["user_id"]: p["weight"] for p in rule.people}
        if rule
        else {}
    )
    tried = None
    problems: dict[str, Any] = {}
    if request.method == "POST" and form.validate():
        try:
            draft = rule_forms.assign_rule(asked, form, weights, rule.id if rule else 0)
            if request.form.get("do") != "try":
                rule_changes.save(asked, AssignRule, draft)
                return done(url_for("sales_lead_rules.index"), toast=_("Rule saved"))
            tried = rule_changes.rehearse(asked, draft)
        except Invalid as error:
            form.explain(error)
            problems = dict(error.problems)
    return render(
        "sales/leads/rule_assign.html",
        status=422 if form.wrong else 200,
        title=rule.name if rule else _("New rule of assignment"),
        form=form,
        rule=rule,
        people=[(f"{WEIGHT}{i}", name, weights.get(i, "")) for i, name in people.colleagues(asked)],
        people_problem=problems.get("people", ""),
        tried=tried,
    )


def _stored(asked: Context, rule: Any) -> dict[str, Any]:
    names = ("name", "condition", "strategy", "field", "most_open", "hours", "position", "active")
    return {**{n: getattr(rule, n) for n in names}, "mapping": rule_forms.lines_of(asked, rule.mapping)}


def _weights() -> dict[int, int]:
    """Return the weights that were typed, by colleague; those without one do not take part."""
    found = {}
    for name, text in request.form.items():
        number = name.removeprefix(WEIGHT)
        if name.startswith(WEIGHT) and number.isdecimal() and text.strip().isdecimal() and int(text[:4]) > 0:
            found[int(number)] = min(int(text[:4]), 1000)
    return found


def _posted() -> Any:
    return request.form if request.method == "POST" else None


@pages.post("/lead-rules/assign/<int:rule_id>/remove")
@requires(RULES)
def assign_remove(rule_id: int) -> Response:
    """Take a rule of assignment away."""
    rule_changes.remove(ctx(), AssignRule, rule_id)
    return done(url_for("sales_lead_rules.index"), toast=_("Rule removed"))


# ---------------------------------------------------------------- score


@pages.route("/lead-rules/score/new", methods=["GET", "POST"])
@requires(RULES)
def score_new() -> Response:
    """Make a rule of the score, after a look at what it changes."""
    return _score(None)


@pages.route("/lead-rules/score/<int:rule_id>", methods=["GET", "POST"])
@requires(RULES)
def score_edit(rule_id: int) -> Response:
    """Change a rule of the score, after a look at what it changes."""
    return _score(rule_changes.get(ctx(), ScoreRule, rule_id))


def _score(rule: Any) -> Response:
    asked = ctx()
    names = ("name", "subject", "condition", "points", "half_life", "position", "active")
    form: Any = rule_forms.ScoreForm(_posted(), **({n: getattr(rule, n) for n in names} if rule else {}))
    preview = None
    if request.method == "POST" and form.validate():
        try:
            draft = rule_forms.score_rule(asked, form, rule.id if rule else 0)
            if request.form.get("do") != "try":
                rule_changes.save(asked, ScoreRule, draft)
                return done(
                    url_for("sales_lead_rules.index"), toast=_("Rule saved; scores follow in a moment")
                )
            preview = rule_changes.preview(asked, draft)
        except Invalid as error:
            form.explain(error)
    return render(
        "sales/leads/rule_score.html",
        status=422 if form.wrong else 200,
        title=rule.name if rule else _("New rule of the score"),
        form=form,
        rule=rule,
        preview=preview,
        grades=[(c.value, c.label, c.tone) for c in GRADES],
    )


@pages.post("/lead-rules/score/<int:rule_id>/remove")
@requires(RULES)
def score_remove(rule_id: int) -> Response:
    """Take a rule of the score away."""
    rule_changes.remove(ctx(), ScoreRule, rule_id)
    return done(url_for("sales_lead_rules.index"), toast=_("Rule removed"))


# ---------------------------------------------------------------- reasons, and what is kept


@pages.post("/lead-rules/reasons")
@requires(RULES)
def save_reasons() -> Response:
    """Rename, retire and add reasons for giving up."""
    labels = {int(k[7:]): v for k, v in request.form.items() if k.startswith("reason_") and k[7:].isdecimal()}
    rule_changes.save_reasons(ctx(), labels, request.form.get("new", ""))
    return done(url_for("sales_lead_rules.index", _anchor="reasons"), toast=_("Reasons saved"))


@pages.get("/lead-rules/kept")
@requires(RULES)
def kept() -> Response:
    """Show submissions that became no lead, with the reason; each can be tried again."""
    asked = ctx()
    text = request.args.get("before", "")
    found = submissions.waiting(asked, before=int(text) if text.isdecimal() and len(text) < 10 else 0)
    forms = {i: asked.session.get(LeadForm, i) for i in {s.form_id for s in found}}
    return render(
        "sales/leads/kept.html",
        title=_("Kept submissions"),
        kept=[
            {
                "id": s.id,
                "at": s.at,
                "form": getattr(forms.get(s.form_id), "name", ""),
                "why": s.why,
                "failed": s.state == submissions.FAILED,
                "said": [v for v in s.values.values() if v],
            }
            for s in found
        ],
        more=url_for("sales_lead_rules.kept", before=found[-1].id)
        if len(found) == submissions.MOST
        else None,
    )


@pages.post("/lead-rules/kept/<int:submission_id>")
@requires(RULES)
def decide(submission_id: int) -> Response:
    """Try a kept submission again, or put it away as spam."""
    asked = ctx()
    if request.form.get("do") == "drop":
        submissions.drop(asked, submission_id)
        return done(url_for("sales_lead_rules.kept"), toast=_("Put away"))
    worked = submissions.again(asked, submission_id)
    text = _("It is a lead now") if worked else _("It failed again; the reason stands beside it")
    return done(url_for("sales_lead_rules.kept"), toast=text, kind="ok" if worked else "warn")
