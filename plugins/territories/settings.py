"""What an administrator settles about territories."""

from __future__ import annotations

from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.sdk import _l
from app.sdk.web import SecretField

HTTP = Regexp(r"^https?://\S+$", message=_l("Write an address that begins with https://."))


class TerritorySettings(Form):
    """The settings of the plugin. Their defaults hold until somebody changes them."""

    geocoder_kind = SelectField(
        _l("Where addresses are looked up"),
        choices=[
            SelectChoice("packaged", _l("In the packaged list of places, offline")),
            SelectChoice("nominatim", "Nominatim"),
            SelectChoice("photon", "Photon"),
            SelectChoice("google", _l("A server that answers like Google’s")),
        ],
        default="packaged",
        description=_l(
            "The packaged list knows postal codes and cities. A server knows streets, and is told addresses."
        ),
    )
    geocoder_url = StringField(
        _l("Address of the server"),
        [Optional(), Length(max=500), HTTP],
        default="",
        description=_l("Like https://nominatim.example.org/search"),
    )
    geocoder_key = SecretField(_l("Its key"), [Optional(), Length(max=200)], default="")
    geocoder_pace = IntegerField(
        _l("At most so many questions a minute"),
        [NumberRange(min=1, max=6000, message=_l("Write a number from 1 to 6,000."))],
        default=60,
    )
    tiles_url = StringField(
        _l("Address of map tiles"),
        [Optional(), Length(max=500), HTTP],
        default="",
        description=_l("With {z}, {x} and {y}. Empty: outlines of countries, which need no network."),
    )
    tiles_credit = StringField(_l("Whose tiles these are"), [Optional(), Length(max=200)], default="")
    home = StringField(
        _l("Where we are"),
        [Optional(), Length(max=200)],
        default="",
        description=_l(
            "A place like 10115 Berlin, from which the field Distance is measured. Routes begin there."
        ),
    )
    visibility = SelectField(
        _l("Whoever has a territory sees the contacts and companies in it"),
        choices=[
            SelectChoice("role", _l("No: as their role says")),
            SelectChoice("more", _l("Yes, besides what their role says")),
            SelectChoice("only", _l("Yes, and nothing of other territories")),
        ],
        default="role",
    )
    visit_minutes = IntegerField(
        _l("Minutes that a visit takes"),
        [NumberRange(min=1, max=600, message=_l("Write a number from 1 to 600."))],
        default=45,
    )
    travel_speed = IntegerField(
        _l("Kilometres an hour on the road"),
        [NumberRange(min=1, max=200, message=_l("Write a number from 1 to 200."))],
        default=50,
    )
