"""What programs may do, as forms ask for it: reading or changing, everything or some kinds of record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice

from app.i18n import _l
from app.services.api_scopes import READ, WRITE
from app.web.forms.account import NEEDED


def access_field(label: Any, write: Any) -> RadioField:
    """Return the choice between reading and changing; `write` says what changing means here."""
    choices = [SelectChoice(READ, _l("Read only")), SelectChoice(WRITE, write)]
    return RadioField(label, [NEEDED], choices=choices, default=READ)


def kinds_field() -> SelectMultipleField:
    """Return the choice of kinds of record."""
    return SelectMultipleField(
        _l("With what"),
        description=_l("Nothing chosen means everything."),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


class Scoped:
    """A form with `access` and `kinds`: a part of a form, for what is registered or made for a program."""

    access: RadioField
    kinds: SelectMultipleField

    def offer(self, kinds: Sequence[tuple[str, Any]]) -> None:
        """Set the kinds of record there are to choose from."""
        self.kinds.choices = [SelectChoice(value, label) for value, label in kinds]

    @property
    def scopes(self) -> list[str]:
        """The scopes that were chosen."""
        return [f"{kind}:{self.access.data}" for kind in self.kinds.data or ()] or [self.access.data]
