"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.i18n import _l
from app.services.passwords import MAX_LENGTH, MIN_LENGTH
from app.web.forms.base import Form

NEEDED = InputRequired(_l("This is needed."))
AT_LEAST: Any = _l("At least %(num)s characters. Four words in a row are easy to remember.", num=MIN_LENGTH)


def password(label: Any, *, new: bool = False) -> PasswordField:
    """Return a password field that password managers understand; a new one says what is expected."""
    return PasswordField(
        label,
        [NEEDED, Length(max=MAX_LENGTH)],
        description=AT_LEAST if new else "",
        render_kw={"autocomplete": "new-password" if new else "current-password"},
    )


def email(label: Any) -> EmailField:
    """Return a field for the address somebody signs in with."""
    return EmailField(
        label, [NEEDED, Length(max=254)], render_kw={"autocomplete": "username", "inputmode": "email"}
    )


def name() -> StringField:
    """Return a field for a person's name."""
    return StringField(_l("Name"), [NEEDED, Length(max=200)], render_kw={"autocomplete": "name"})


def code(label: Any) -> StringField:
    """Return a field for a code of the app or a recovery code."""
    kw = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    return StringField(label, [NEEDED, Length(max=40)], render_kw=kw)


class Login(Form):
    """Address and password."""

    email = email(_l("Work email"))
    password = password(_l("Password"))
    keep = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()


class Code(Form):
    """The second step."""

    code = code(_l("Code"))
    next = HiddenField()


class Forgot(Form):
    """The address a reset link is sent to."""

    email = email(_l("Work email"))


class NewPassword(Form):
    """A new password."""

    password = password(_l("New password"), new=True)


class Accept(Form):
    """What an invited person chooses."""

    name = name()
    password = password(_l("Password"), new=True)


class SetUp(Form):
    """The first administrator."""

    token = StringField(
        _l("Set-up token"),
        [NEEDED, Length(max=100)],
        description=_l("It stands in the log of Kith, on the screen where you started it."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = name()
    email = email(_l("Work email"))
    password = password(_l("Password"), new=True)


class Profile(Form):
    """What somebody changes about himself."""

    name = name()
    locale = SelectField(_l("Language"))
    zone = SelectField(_l("Time zone"))
    theme = SelectField(
        _l("Theme"),
        choices=[
            SelectChoice("", _l("Like the device")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )
    shortcuts = BooleanField(_l("Single letters of the keyboard do something"))


class ChangePassword(Form):
    """The present password and a new one."""

    current_password = password(_l("Present password"))
    password = password(_l("New password"), new=True)


class ChangeEmail(Form):
    """Another address to sign in with."""

    email = EmailField(_l("New address"), [NEEDED, Length(max=254)], render_kw={"autocomplete": "email"})
    current_password = password(_l("Present password"))


class Enrol(Form):
    """The first code of an authenticator app, whose seed travels sealed."""

    sealed = HiddenField(validators=[InputRequired()])
    code = code(_l("Code from the app"))
    current_password = PasswordField(
        _l("Present password"),
        [Optional(), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


class Proof(Form):
    """The present password, before something sensitive."""

    current_password = password(_l("Present password"))
