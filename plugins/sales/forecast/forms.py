"""What is asked when somebody says what a period will bring."""

from __future__ import annotations

from wtforms import DecimalField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.sdk import _l
from app.sdk.web import Form


class CallForm(Form):
    """What somebody expects of a person."""

    amount = DecimalField(
        _l("What will be won in all"),
        [
            InputRequired(_l("Write an amount from 0 on, like 120000.")),
            NumberRange(min=0, max=10**13, message=_l("Write an amount from 0 on, like 120000.")),
        ],
        places=2,
    )
    note = TextAreaField(_l("Why"), [Length(max=2000)])
