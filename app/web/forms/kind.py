"""The form of a kind of interaction."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.i18n import _l
from app.web.forms.base import Form

ICONS = (
    "sticky-note",
    "phone",
    "video",
    "mail",
    "message-circle",
    "messages-square",
    "calendar",
    "map-pin",
    "users",
    "briefcase",
    "wrench",
    "send",
    "file-text",
    "headset",
    "megaphone",
    "shopping-cart",
    "trophy",
    "star",
)
"""Pictures to choose from; all are in the sprite."""

TONES = (
    ("call", _l("Green")),
    ("chat", _l("Teal")),
    ("email", _l("Blue")),
    ("meet", _l("Violet")),
    ("camp", _l("Pink")),
    ("ticket", _l("Red")),
    ("task", _l("Orange")),
    ("note", _l("Yellow")),
    ("sys", _l("Grey")),
)


class InteractionKind(Form):
    """What a kind is called and looks like, and what can be said about an entry of it."""

    label = StringField(
        _l("Name"),
        [InputRequired(_l("This is needed.")), Length(max=60)],
        description=_l("As it stands on the button, like “Demo” or “Trade fair”."),
        render_kw={"autocomplete": "off"},
    )
    icon = RadioField(_l("Picture"), choices=[SelectChoice(name, name) for name in ICONS], default=ICONS[0])
    tone = RadioField(
        _l("Colour"), choices=[SelectChoice(value, label) for value, label in TONES], default="call"
    )
    directed = BooleanField(_l("It comes in or goes out, like a call"))
    timed = BooleanField(_l("It takes time, like a meeting"))
