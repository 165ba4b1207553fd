"""The form of a stage of contacts."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.i18n import _l
from app.web.forms.base import Form

TONES = (
    ("sys", _l("Grey")),
    ("info", _l("Blue")),
    ("chat", _l("Teal")),
    ("deal", _l("Jade")),
    ("ok", _l("Green")),
    ("warn", _l("Yellow")),
    ("meet", _l("Violet")),
    ("camp", _l("Pink")),
    ("bad", _l("Red")),
)


class Stage(Form):
    """What a stage is called and looks like, and whether it is still offered."""

    label = StringField(
        _l("Name"),
        [InputRequired(_l("This is needed.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )
    tone = RadioField(
        _l("Colour"), choices=[SelectChoice(value, label) for value, label in TONES], default="sys"
    )
    retired = BooleanField(
        _l("Retired"), description=_l("Not offered any more. Whoever is in this stage stays in it.")
    )
