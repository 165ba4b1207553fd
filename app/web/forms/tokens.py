"""The form by which a token of the API is made."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.web.forms.account import NEEDED, password
from app.web.forms.base import Form
from app.web.forms.scopes import Scoped, access_field, kinds_field

DAYS = (
    ("30", _l("30 days")),
    ("90", _l("90 days")),
    ("365", _l("One year")),
    ("", _l("Until it is revoked")),
)


class TokenForm(Scoped, Form):
    """What a token is for, what it may do, for how long; and who asks proves it."""

    name = StringField(
        _l("What it is for"),
        [NEEDED, Length(max=120)],
        description=_l("The program's name, like “Website form”."),
    )
    access = access_field(_l("What it may do"), _l("Read and change, as far as you may"))
    kinds = kinds_field()
    days = SelectField(_l("For how long"), choices=[SelectChoice(v, t) for v, t in DAYS], default="90")
    current_password = password(_l("Present password"))

    @property
    def life(self) -> int | None:
        """The days that were chosen, None for no end."""
        return int(self.days.data) if self.days.data else None


class ServiceTokenForm(TokenForm):
    """A token that administrators look after: it acts as an account that they choose."""

    user = SelectField(
        _l("Acts as"),
        [NEEDED],
        description=_l("Best an account of its own, with a role that has the rights it needs and no more."),
    )
