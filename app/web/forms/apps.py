"""The form by which an app of others is registered."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.services.api_scopes import READ, WRITE
from app.services.oauth_clients import Wanted
from app.web.forms.account import NEEDED
from app.web.forms.base import Form


class AppForm(Form):
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
    access = RadioField(
        _l("What it may ask for"),
        [NEEDED],
        choices=[
            SelectChoice(READ, _l("Read only")),
            SelectChoice(WRITE, _l("Read and change, as far as each person may")),
        ],
        default=READ,
    )
    kinds = SelectMultipleField(
        _l("With what"),
        description=_l("Nothing chosen means everything."),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )

    def offer(self, kinds: Any) -> None:
        """Set the kinds of record there are to choose from."""
        self.kinds.choices = [SelectChoice(value, label) for value, label in kinds]

    def wanted(self, *, confidential: bool = True) -> Wanted:
        """Return what was written."""
        return Wanted(
            name=self.name.data or "",
            homepage=self.homepage.data or "",
            redirect_uris=self.redirect_uris.data or "",
            scopes=[f"{kind}:{self.access.data}" for kind in self.kinds.data or ()] or [self.access.data],
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
