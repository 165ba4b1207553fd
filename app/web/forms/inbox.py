"""The forms by which a webhook in is set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.i18n import _l
from app.services.webhooks_inboxes import Wanted
from app.web.forms.account import NEEDED
from app.web.forms.base import Form

KNOWN_BY: Mapping[str, Any] = {
    "uid": _l("The id that the sender has for it"),
    "email": _l("E-mail address"),
    "phone": _l("Phone number"),
    "name": _l("Name and company"),
}
ALREADY: Mapping[str, Any] = {
    "fill": _l("Fill what is empty"),
    "replace": _l("Write over it"),
    "skip": _l("Leave it as it is"),
    "create": _l("Make another one"),
}


class InboxForm(Form):
    """What is made of a message, and in whose name."""

    name = StringField(
        _l("What it is for"), [NEEDED, Length(max=120)], description=_l("The program's name, like “Shop”.")
    )
    entity = SelectField(_l("What becomes of a message"), [NEEDED])
    mapping = TextAreaField(
        _l("Where each field stands in the message"),
        [NEEDED, Length(max=20_000)],
        description=_l(
            "A line for each field: the place in the JSON, an equals sign, the field. Like customer.email = emails or items[0].name = note."
        ),
        render_kw={"rows": 8, "spellcheck": "false", "autocapitalize": "none"},
    )
    match = SelectMultipleField(
        _l("By what a record is known again"),
        choices=[SelectChoice(key, label) for key, label in KNOWN_BY.items()],
        description=_l("Nothing chosen means by all that convinces."),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    duplicates = SelectField(
        _l("If it is there already"),
        choices=[SelectChoice(key, label) for key, label in ALREADY.items()],
        default="fill",
    )
    user = SelectField(
        _l("In whose name"),
        [NEEDED],
        description=_l("New records belong to this account, and its rights count. Best one of its own."),
    )

    def offer(self, kinds: Sequence[tuple[str, Any]], people: Sequence[tuple[int, str]]) -> None:
        """Set the kinds of record and the accounts there are to choose from."""
        self.entity.choices = [SelectChoice(key, label) for key, label in kinds]
        self.user.choices = [SelectChoice(str(user_id), name) for user_id, name in people]

    def wanted(self) -> Wanted:
        """Return what was written."""
        return Wanted(
            name=self.name.data or "",
            entity=self.entity.data or "",
            mapping=self.mapping.data or "",
            user_id=int(self.user.data),
            match=self.match.data or (),
            duplicates=self.duplicates.data or "",
        )
