"""The settings form of a plugin on a page: its fields with what is chosen, what is locked, and which secrets are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.kernel.guard import Surface, must
from app.services import plugin_forms, secrets
from app.services import plugin_settings as settings
from app.services.plugin_forms import Slot
from app.services.typed_json import Sealed
from app.web.forms.base import refuse
from app.web.security.csrf import FIELD

CLEAR = "clear"
"""The boxes that are ticked to remove secrets have this name."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One setting as it is shown: its field, a hint, whether the environment locks it, whether a secret is stored."""

    field: Any
    hint: Any = ""
    locked: bool = False
    removable: bool = False


class SettingsForm:
    """A plugin's own form, filled with what is chosen; `summary` of the form macros takes it for a form."""

    def __init__(self, asked: Context, owner: str, cls: Any, sent: Any, *, of_user: bool) -> None:
        self.owner, self._sent, self._cls = owner, sent, cls
        self._slots = plugin_forms.slots(owner, of_user=of_user)
        self._locked = {} if of_user else plugin_forms.locked(owner)
        self._values = (settings.of_user if of_user else settings.of)(asked, owner)
        shown = {n: self._values.raw(n) for n, slot in self._slots.items() if not slot.secret}
        self._shown = plugin_forms.made(owner, cls, data=shown)
        self._form = plugin_forms.made(owner, cls, sent, data=shown) if sent is not None else self._shown
        self.form_errors: list[str] = []

    @classmethod
    def of(
        cls, asked: Context, owner: str, sent: Any = None, *, of_user: bool = False
    ) -> SettingsForm | None:
        """Return the form of a plugin, with what was sent over what is stored; None when it has no settings."""
        form = plugin_forms.form_of(owner, of_user=of_user)
        return cls(asked, owner, form, sent, of_user=of_user) if form is not None else None

    def accepted(self) -> bool:
        """Tell whether everything that was sent is right. Raises 422 for a field that the form does not have."""
        refuse(set(self._sent) - set(self._slots) - {FIELD, CLEAR})
        for name in self._locked:
            if name in self._form:
                del self._form[name]
        return bool(must(self._form.validate, owner=self.owner, surface=Surface.PAGE, item="settings"))

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by name, without what is locked."""
        return {name: self._form[name].data for name in self._slots if name in self._form}

    @property
    def clear(self) -> Sequence[str]:
        """The secrets that are to be removed."""
        return self._sent.getlist(CLEAR) if self._sent is not None else []

    def explain(self, error: Invalid) -> None:
        """Put sentences at the fields that they are about."""
        for name, sentence in error.problems.items():
            if name in self._form:
                self._form[name].errors = [*self._form[name].errors, sentence]
            else:
                self.form_errors.append(sentence)

    @property
    def wrong(self) -> bool:
        """Whether anything is to be fixed."""
        return bool(self.form_errors) or any(field.errors for field in self._form)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._form)

    @property
    def rows(self) -> list[Row]:
        """Every setting as it is shown, in the order of the form."""
        return [self._row(slot) for slot in self._slots.values()]

    def _row(self, slot: Slot) -> Row:
        stored = self._values.raw(slot.name)
        kept = isinstance(stored, Sealed)
        if slot.name in self._locked:
            hint = _("Set on the server by %(name)s.", name=plugin_forms.variable(self.owner, slot.name))
            return Row(field=self._shown[slot.name], hint=hint, locked=True)
        field = self._form[slot.name]
        if not slot.secret:
            return Row(field=field)
        if kept and not secrets.opens(stored):
            return Row(field=field, hint=_("The stored one cannot be opened any more. Type it in anew."))
        hint = _("Stored, and never shown. Leave it empty to keep it.") if kept else _("Not set.")
        return Row(field=field, hint=f"{slot.hint} {hint}".strip(), removable=kept)
