"""What is asked for plans of commission, splits and disputes."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.sdk import _l
from app.sdk.web import Form

UNITS = (
    SelectChoice("month", _l("Every month")),
    SelectChoice("quarter", _l("Every quarter")),
    SelectChoice("year", _l("Every year")),
)


class Boxes(SelectMultipleField):
    """Several of some choices, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PlanForm(Form):
    """A plan of commission."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the plan a name.")), Length(max=120)])
    unit = SelectField(_l("Settled"), choices=list(UNITS), default="quarter")
    of_quota = BooleanField(_l("Rates begin at percentages of the person's quota"))
    tiers = TextAreaField(
        _l("Rates"),
        [InputRequired(_l("Begin with a line for 0, like “0: 5”."))],
        default="0: 5\n100: 8",
        description=_l(
            "A line for each: from where it holds, a colon, the percentage. “100: 8” is 8 percent above the quota, or above an amount of 100."
        ),
    )
    clawback_days = IntegerField(
        _l("Take back when a deal is lost within so many days"),
        [NumberRange(min=0, max=3650, message=_l("Write a number of days, 0 for never."))],
        default=180,
    )
    members = Boxes(_l("Who earns by it"), coerce=int)


class DisputeForm(Form):
    """What is wrong with a statement."""

    note = TextAreaField(_l("What is wrong?"), [InputRequired(_l("Write what is wrong.")), Length(max=5000)])


class AnswerForm(Form):
    """The answer to a dispute."""

    dispute = IntegerField(_l("Dispute"))
    answer = TextAreaField(_l("Answer"), [InputRequired(_l("Write an answer.")), Length(max=5000)])
