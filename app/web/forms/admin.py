"""Forms of the administration: site settings, users, teams."""

from __future__ import annotations

from wtforms import EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.i18n import _l
from app.web.forms.base import Form

NEEDED = InputRequired(_l("This is needed."))


def team_id(text: str) -> int | None:
    """Read the value of a team select: a number, or nothing."""
    return int(text) if text else None


class Settings(Form):
    """The site's settings."""

    company = StringField(
        _l("Name of your company"), [NEEDED, Length(max=80)], render_kw={"autocomplete": "organization"}
    )
    locale = SelectField(_l("Language"), description=_l("Everybody may choose another one for himself."))
    zone = SelectField(_l("Time zone"))
    currency = SelectField(_l("Currency"))
    region = SelectField(
        _l("Country"), description=_l("Phone numbers without a country code are read as numbers of it.")
    )


class TestMail(Form):
    """Where a test mail goes."""

    email = EmailField(_l("Send a test mail to"), [NEEDED, Length(max=254)])


class User(Form):
    """A user as an administrator changes one."""

    name = StringField(_l("Name"), [NEEDED, Length(max=200)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("Work email"), [NEEDED, Length(max=254)], render_kw={"autocomplete": "off"})
    roles = SelectMultipleField(
        _l("Roles"),
        description=_l("Roles add up: what one of them allows is allowed."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    team = SelectField(_l("Team"), coerce=team_id, validators=[Optional()])


class HandOver(Form):
    """Who takes over the records of somebody who leaves."""

    hand_over_to = SelectField(_l("Hand the records over to"), coerce=team_id)


class Team(Form):
    """A team and where it stands."""

    name = StringField(_l("Name"), [NEEDED, Length(max=120)], render_kw={"autocomplete": "off"})
    parent_id = SelectField(_l("Below"), coerce=team_id)
