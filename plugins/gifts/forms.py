"""What is asked when a gift is written down."""

from __future__ import annotations

from wtforms import BooleanField, DecimalField, Form, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.sdk import _l

from .entities import OCCASIONS


class GiftForm(Form):
    """A gift for the chosen contacts; not ticked as given, it is an idea."""

    name = StringField(_l("Gift"), [InputRequired(_l("Write what the gift is.")), Length(max=300)])
    occasion = SelectField(
        _l("Occasion"),
        default="",
        choices=[SelectChoice("", "–"), *(SelectChoice(choice.value, choice.label) for choice in OCCASIONS)],
    )
    price = DecimalField(
        _l("Price"), [Optional(), NumberRange(min=0, message=_l("A price cannot be below zero."))], places=2
    )
    given = BooleanField(_l("It was given today"))
