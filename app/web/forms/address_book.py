"""The form by which an app password of an address-book program is made."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.services.api_scopes import READ, WRITE
from app.web.forms.account import NEEDED, password
from app.web.forms.base import Form


class AppPasswordForm(Form):
    """Which device it is for and what it may do; and who asks proves it."""

    name = StringField(
        _l("Which device it is for"),
        [NEEDED, Length(max=120)],
        description=_l("Like “My phone”. Make one for each device, so that you can end each by itself."),
    )
    access = RadioField(
        _l("What it may do"),
        [NEEDED],
        choices=[
            SelectChoice(WRITE, _l("Read and change contacts, as far as you may")),
            SelectChoice(READ, _l("Read only")),
        ],
        default=WRITE,
    )
    current_password = password(_l("Present password"))
