"""What an administrator can set; read as `ctx.settings.rows` while code of this plugin runs."""

from __future__ import annotations

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange

from app.sdk import _l


class GiftSettings(Form):
    """The settings of gifts."""

    rows = IntegerField(
        _l("Gifts on the page of a contact"),
        [NumberRange(min=1, max=50, message=_l("Choose a number from 1 to 50."))],
        description=_l("The list has all of them."),
        default=5,
    )
