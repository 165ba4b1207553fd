"""The form of a kind of record."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.i18n import _l
from app.services.own_types import ICONS
from app.web.forms.base import Form


class OwnType(Form):
    """What one is called, what several are, and the picture they stand with."""

    label = StringField(
        _l("One is called"),
        [InputRequired(_l("This is needed.")), Length(max=60)],
        description=_l("Like “Boat” or “Building”."),
        render_kw={"autocomplete": "off"},
    )
    plural = StringField(
        _l("Several are called"),
        [InputRequired(_l("This is needed.")), Length(max=60)],
        description=_l("As it stands in the navigation, like “Boats”."),
        render_kw={"autocomplete": "off"},
    )
    icon = RadioField(_l("Picture"), choices=[SelectChoice(name, name) for name in ICONS], default=ICONS[0])
