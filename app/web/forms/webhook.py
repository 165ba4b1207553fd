"""The form by which a webhook is set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.web.forms.account import NEEDED
from app.web.forms.base import Form


class WebhookForm(Form):
    """Whom to tell, about what, and whose rights count."""

    name = StringField(
        _l("What it is for"), [NEEDED, Length(max=120)], description=_l("The program's name, like “Shop”.")
    )
    url = StringField(
        _l("Address"),
        [NEEDED, Length(max=2000)],
        description=_l("Where messages are sent, like https://shop.example.org/kith."),
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    topics = TextAreaField(
        _l("Topics"),
        [NEEDED, Length(max=4000)],
        description=_l("One or several, like contact.created, company.* or * for everything."),
        render_kw={"rows": 3, "spellcheck": "false", "autocapitalize": "none"},
    )
    entity = SelectField(_l("Only this kind of record"), default="")
    filter = TextAreaField(
        _l("Only records that match"),
        [Length(max=4000)],
        description=_l("A filter as lists have it in writing, like owner = me and tag = vip."),
        render_kw={"rows": 2, "spellcheck": "false", "autocapitalize": "none"},
    )
    user = SelectField(
        _l("Sees what this account sees"),
        [NEEDED],
        description=_l("Records and fields that are hidden from it are left out."),
    )

    def offer(self, kinds: Sequence[tuple[str, Any]], people: Sequence[tuple[int, str]]) -> None:
        """Set the kinds of record and the accounts there are to choose from."""
        self.entity.choices = [
            SelectChoice("", _l("Any")),
            *(SelectChoice(key, label) for key, label in kinds),
        ]
        self.user.choices = [SelectChoice(str(user_id), name) for user_id, name in people]
