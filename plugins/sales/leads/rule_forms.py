"""The forms of rules, and the rules that they describe: unsaved ones can be tried."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.sdk import Context, Invalid, _, _l
from app.sdk.filters import ExprError, check
from app.sdk.services import people
from app.sdk.web import Form

from .choices import LEAD
from .routing_ways import STRATEGIES

SUBJECTS = (
    SelectChoice("lead", _l("The lead and its contact")),
    SelectChoice("interaction", _l("Each interaction with the contact")),
)


class AssignForm(Form):
    """A rule of assignment; the people stand beside it."""

    name = StringField(
        _l("Name"), [InputRequired(_l("Give the rule a name: it is told as the reason.")), Length(max=200)]
    )
    condition = TextAreaField(
        _l("For which leads"),
        description=_l("As in filters: channel = Website and contact.country = PT. Empty: for all."),
        render_kw={"rows": 2},
    )
    strategy = SelectField(_l("Who gets them"), choices=[SelectChoice(c.value, c.label) for c in STRATEGIES])
    field = StringField(
        _l("Field"),
        [Length(max=120)],
        description=_l(
            "For “by the value of a field”: a field of the lead, or contact.… for one of its contact."
        ),
    )
    mapping = TextAreaField(
        _l("Values"),
        description=_l("A line for each: the value, a colon, the name of a colleague."),
        render_kw={"rows": 3},
    )
    most_open = IntegerField(
        _l("At most so many open leads each"),
        [NumberRange(0, 10_000)],
        default=0,
        description=_l("0: no limit."),
    )
    hours = IntegerField(
        _l("Working hours until the first contact"),
        [NumberRange(0, 1000)],
        default=0,
        description=_l("0: as settled for the house."),
    )
    position = IntegerField(_l("Place in the order"), [NumberRange(0, 10_000)], default=10)
    active = BooleanField(_l("In force"), default=True)


class ScoreForm(Form):
    """A rule of the score."""

    name = StringField(
        _l("Reason"), [InputRequired(_l("Write the reason: it stands beside the points.")), Length(max=200)]
    )
    subject = SelectField(_l("It looks at"), choices=list(SUBJECTS))
    condition = TextAreaField(
        _l("When"),
        description=_l(
            "As in filters. Of a lead: contact.company is not empty. Of an interaction: kind = call and outcome = connected."
        ),
        render_kw={"rows": 2},
    )
    points = IntegerField(
        _l("Points"), [InputRequired(_l("Write how many points: 10, or -5.")), NumberRange(-1000, 1000)]
    )
    half_life = IntegerField(
        _l("Half-life in days"),
        [NumberRange(0, 3650)],
        default=0,
        description=_l("After so many days half of the points are left. 0: they stay."),
    )
    position = IntegerField(_l("Place in the order"), [NumberRange(0, 10_000)], default=10)
    active = BooleanField(_l("In force"), default=True)


def condition_of(ctx: Context, entity: str, text: str) -> str:
    """Return a condition that can be asked. Raises Invalid with the sentence of the filter language."""
    if not text.strip():
        return ""
    try:
        check(ctx, entity, text)
    except ExprError as error:
        raise Invalid({"condition": error.sentence}) from None
    return text.strip()


def assign_rule(ctx: Context, form: Any, weights: dict[int, int], rule_id: int = 0) -> SimpleNamespace:
    """Return what the form of a rule of assignment describes. Raises Invalid with a sentence per field."""
    strategy = form.strategy.data
    mapping = _mapping(ctx, form.mapping.data or "")
    if strategy in ("turn", "least") and not weights:
        raise Invalid({"people": _("Say who takes part: give at least one colleague a weight.")})
    if strategy == "field" and (not mapping or not form.field.data):
        raise Invalid({"mapping": _("Name the field, and a colleague for each of its values.")})
    return SimpleNamespace(
        id=rule_id,
        name=form.name.data.strip(),
        position=form.position.data or 0,
        active=bool(form.active.data),
        condition=condition_of(ctx, LEAD, form.condition.data or ""),
        strategy=strategy,
        people=[{"user_id": i, "weight": w} for i, w in weights.items()],
        field=(form.field.data or "").strip(),
        mapping=mapping,
        most_open=form.most_open.data or 0,
        hours=form.hours.data or 0,
    )


def score_rule(ctx: Context, form: Any, rule_id: int = 0) -> SimpleNamespace:
    """Return what the form of a rule of the score describes. Raises Invalid with a sentence."""
    subject = form.subject.data
    return SimpleNamespace(
        id=rule_id,
        name=form.name.data.strip(),
        position=form.position.data or 0,
        active=bool(form.active.data),
        subject=subject,
        condition=condition_of(ctx, LEAD if subject == "lead" else "interaction", form.condition.data or ""),
        points=form.points.data,
        half_life=form.half_life.data or 0,
    )


def _mapping(ctx: Context, text: str) -> dict[str, int]:
    """Return value → user of lines like "Porto: ana@example.org". Raises Invalid."""
    known = {name.casefold(): i for i, name in people.colleagues(ctx)}
    found: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        value, colon, who = line.rpartition(":")
        user = known.get(who.strip().casefold())
        if not colon or not value.strip() or user is None:
            raise Invalid(
                {
                    "mapping": _(
                        "Write a value, a colon and the name of a colleague: “%(line)s”", line=line.strip()
                    )
                }
            )
        found[value.strip()] = user
    return found


def lines_of(ctx: Context, mapping: dict[str, int]) -> str:
    """Return a mapping as the lines that somebody typed."""
    names = people.user_names(ctx, list(mapping.values()))
    return "\n".join(f"{value}: {names.get(i, '')}" for value, i in mapping.items())
