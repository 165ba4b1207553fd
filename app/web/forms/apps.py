"""The form by which an app of others is registered."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.services.oauth_clients import Wanted
from app.web.forms.account import NEEDED
from app.web.forms.base import Form
from app.web.forms.scopes import Scoped, access_field, kinds_field


class AppForm(Scoped, Form):
    """What the app is called, where people are sent back to, and what it may ask for."""

    name = StringField(
        _l("What the app is called"),
        [NEEDED, Length(max=120)],
        description=_l("People read it when they are asked to let it in."),
    )
    homepage = StringField(
        _l("Its website"),
        [Length(max=2000)],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    redirect_uris = TextAreaField(
        _l("Where people are sent back to"),
        [NEEDED, Length(max=20_000)],
        description=_l(
            "Whole addresses, one on a line, like https://app.example.org/back. The app has to send the same, letter for letter."
        ),
        render_kw={"rows": 3, "spellcheck": "false", "autocapitalize": "none"},
    )
    access = access_field(_l("What it may ask for"), _l("Read and change, as far as each person may"))
    kinds = kinds_field()

    def wanted(self, *, confidential: bool = True) -> Wanted:
        """Return what was written."""
        return Wanted(
            name=self.name.data or "",
            homepage=self.homepage.data or "",
            redirect_uris=self.redirect_uris.data or "",
            scopes=self.scopes,
            confidential=confidential,
        )


class NewAppForm(AppForm):
    """An app that is new: whether it can keep a secret cannot be changed afterwards."""

    keeps = RadioField(
        _l("Where it runs"),
        [NEEDED],
        choices=[
            SelectChoice("secret", _l("On a server: it can keep a secret")),
            SelectChoice("public", _l("On people's devices or in a browser: it cannot keep one")),
        ],
        default="secret",
    )
