"""What an administrator settles about projects."""

from __future__ import annotations

from wtforms import BooleanField, DecimalField, Form, StringField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.sdk import _l


class ProjectSettings(Form):
    """The settings of the plugin. Their defaults hold until somebody changes them."""

    rate = DecimalField(
        _l("Price of an hour"),
        [Optional(), NumberRange(min=0, max=100_000, message=_l("Write an amount, such as 95."))],
        default=None,
        places=2,
        description=_l("Where neither the project nor the person has one. In the currency of the project."),
    )
    approval = BooleanField(
        _l("Only approved hours are put on invoices"),
        default=True,
    )
    locked_until = StringField(
        _l("Hours are closed up to this day"),
        [
            Optional(),
            Length(max=10),
            Regexp(r"^\d{4}-\d{2}-\d{2}$", message=_l("Write a day like 2026-02-28.")),
        ],
        default="",
        description=_l("Nobody adds or changes hours of closed days. Empty: none is closed."),
    )
    from_won = BooleanField(
        _l("A won deal becomes a project by itself"),
        default=False,
        description=_l("Otherwise it is one click on the page of the deal."),
    )
    won_template = StringField(
        _l("Template of projects from won deals"),
        [Optional(), Length(max=200)],
        default="",
        description=_l("Its name. Empty: without a template."),
    )
