"""What an administrator settles about sales, as a form: each part of the plugin reads its own fields."""

from __future__ import annotations

from wtforms import BooleanField, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.sdk import _l

SEES = (
    SelectChoice("role", _l("As their role says")),
    SelectChoice("own", _l("Their own deals only")),
)


class SalesSettings(Form):
    """The settings of the plugin. Their defaults hold until somebody changes them."""

    reporting_currency = StringField(
        _l("Currency of reports"),
        [Optional(), Length(max=3), Regexp("^[A-Z]{3}$", message=_l("Write its three letters, like EUR."))],
        default="",
        description=_l("Three letters, like EUR. Empty: the currency of the house."),
    )
    deals_seen = SelectField(
        _l("Representatives see"),
        choices=list(SEES),
        default="role",
        description=_l("Lists, totals, boards and exports keep to it."),
    )
    amount_from_lines = BooleanField(
        _l("The amount of a deal is the sum of its products"),
        default=True,
    )
    discount_limit = IntegerField(
        _l("Discounts without approval, in percent"),
        [NumberRange(min=0, max=100, message=_l("Write a number from 0 to 100."))],
        default=10,
        description=_l("Below the list price. Who may approve discounts gives any."),
    )
    quote_days = IntegerField(
        _l("Quotes are valid for so many days"),
        [NumberRange(min=1, max=730, message=_l("Write a number from 1 to 730."))],
        default=30,
    )
    quote_prefix = StringField(
        _l("Numbers of quotes begin with"),
        [Optional(), Length(max=10), Regexp("^[A-Za-z0-9-]*$", message=_l("Use letters and digits."))],
        default="Q",
    )
    quote_sender = StringField(
        _l("Our own company"),
        [Optional(), Length(max=200)],
        default="",
        description=_l(
            "As it is called among the companies: its logo, address and VAT number stand on quotes. Empty: the name of the house."
        ),
    )
    quote_terms = TextAreaField(_l("Terms of quotes"), [Optional(), Length(max=20000)], default="")
    fiscal_year_start = IntegerField(
        _l("The fiscal year begins in month"),
        [NumberRange(min=1, max=12, message=_l("Write a number from 1 to 12."))],
        default=1,
        description=_l("1 for January. Quarters of forecasts, quotas and reports follow it."),
    )
    leader_board = BooleanField(
        _l("Show who reached how much of the activity goals, per team"),
        default=True,
    )
    lead_hours = IntegerField(
        _l("Working hours until the first contact with a lead"),
        [NumberRange(min=1, max=1000, message=_l("Write a number from 1 to 1,000."))],
        default=8,
    )
    lead_hours_hot = IntegerField(
        _l("The same for hot leads"),
        [NumberRange(min=1, max=1000, message=_l("Write a number from 1 to 1,000."))],
        default=2,
    )
    lead_hours_by_source = TextAreaField(
        _l("The same by source"),
        [
            Optional(),
            Length(max=5000),
            Regexp(r"^(\s*[^\n]+:\s*\d+\s*(\n|$))*$", message=_l("Write “Website: 2”.")),
        ],
        default="",
        description=_l("A line for each source: its name, a colon, hours."),
    )
    lead_warn_percent = IntegerField(
        _l("Warn when so many percent of the time have passed"),
        [NumberRange(min=1, max=100, message=_l("Write a number from 1 to 100."))],
        default=75,
    )
    lead_hot = IntegerField(_l("Hot from so many points"), [NumberRange(min=1, max=10000)], default=60)
    lead_warm = IntegerField(_l("Warm from so many points"), [NumberRange(min=1, max=10000)], default=30)
    lead_checklist = SelectField(
        _l("Checklist before a lead becomes a deal"),
        choices=[
            SelectChoice("bant", "BANT"),
            SelectChoice("meddic", "MEDDIC"),
            SelectChoice("none", _l("None")),
        ],
        default="bant",
    )
    lead_revive_days = IntegerField(
        _l("Days for which a lead is put aside"),
        [NumberRange(min=1, max=1827, message=_l("Write a number from 1 to 1,827."))],
        default=30,
    )
