"""The forms in which pipelines, stages, reasons and exchange rates are set up."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import DateField, SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.sdk import Context, Show, _l
from app.sdk.services import fields
from app.sdk.web import Form

from .choices import OUTCOMES
from .fields import DEAL

NEEDED = _l("This is needed.")


class PipelineForm(Form):
    """A pipeline."""

    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=120)])
    currency = StringField(
        _l("Currency"), [Optional(), Length(max=3)], description=_l("Three letters. Empty: that of reports.")
    )
    stale_days = IntegerField(
        _l("Stale after days"),
        [InputRequired(NEEDED), NumberRange(0, 3650)],
        default=14,
        description=_l("So many days without any activity. 0: never."),
    )
    retired = BooleanField(_l("Retired: takes no new deals"))


class StageForm(Form):
    """A stage of a pipeline."""

    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=120)])
    outcome = SelectField(_l("Deals in it are"), choices=[SelectChoice(c.value, c.label) for c in OUTCOMES])
    probability = IntegerField(_l("Probability in percent"), [InputRequired(NEEDED), NumberRange(0, 100)])
    expected_days = IntegerField(
        _l("Expected days"),
        [Optional(), NumberRange(0, 3650)],
        default=0,
        description=_l("How long deals usually stay. 0: no matter."),
    )
    checklist = TextAreaField(
        _l("Before a deal goes on"),
        [Length(max=4000)],
        description=_l("What must be true before a deal leaves this stage, a line each."),
    )
    required = SelectMultipleField(
        _l("Fields that must be filled in on entering"),
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    retired = BooleanField(_l("Retired: takes no more deals"))

    def offer(self, ctx: Context) -> None:
        """Offer the fields of deals that a stage may need."""
        never = {"stage_id", "pipeline_id", "name"}
        found = [f for f in fields.visible(ctx, DEAL) if f.column and f.key not in never]
        wanted = [f for f in found if Show.FORM in f.show or f.key == "next_step"]
        self.required.choices = [SelectChoice(f.key, str(f.label)) for f in wanted]

    def values(self) -> dict[str, Any]:
        """Return what was typed; the checklist as a list."""
        lines = [" ".join(line.split()) for line in str(self.checklist.data or "").splitlines()]
        return {**self.data, "checklist": [line for line in dict.fromkeys(lines) if line]}


class ReasonForm(Form):
    """A reason for winning or losing."""

    name = StringField(_l("Reason"), [InputRequired(NEEDED), Length(max=120)])
    outcome = SelectField(
        _l("For"), choices=[SelectChoice("lost", _l("Losing")), SelectChoice("won", _l("Winning"))]
    )
    retired = BooleanField(_l("Retired: offered no more"))


class RateForm(Form):
    """An exchange rate."""

    currency = StringField(
        _l("Currency"), [InputRequired(NEEDED), Length(max=3)], description=_l("Three letters, like USD.")
    )
    day = DateField(_l("From"), [InputRequired(NEEDED)])
    rate = StringField(
        _l("Rate"),
        [InputRequired(NEEDED)],
        description=_l("What one unit is worth in the currency of reports."),
    )
