"""A form made of an entity's fields: shown, read, checked; every surface that edits a record uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.kernel.errors import Clash
from app.services import fields, layouts, trial
from app.services.writable import can_write
from app.web.forms import controls, file_control, references, rows, ties
from app.web.forms.controls import Control, Data

ROWS: dict[Kind, type[Control]] = {
    Kind.EMAIL: rows.EmailRows,
    Kind.PHONE: rows.PhoneRows,
    Kind.URL: rows.LinkRows,
    Kind.ADDRESS: rows.AddressRows,
}
BESIDE: dict[Kind, type[Control]] = {Kind.REF: references.Reference, Kind.FILE: file_control.FileChoice}
"""Controls of kinds that have a module of their own."""

SPECIAL: dict[tuple[str, str], type[Control]] = {
    ("contact", "name"): ties.WholeName,
    ("contact", "affiliations"): ties.PlaceRows,
    ("contact", "relations"): ties.RelationRows,
    ("contact", "do_not_contact"): ties.Flags,
    ("contact", "languages"): controls.Languages,
    ("company", "parent_id"): ties.Parent,
    ("company", "domains"): controls.Tags,
}
"""Controls of core fields that their kind alone does not tell."""


Groups = Sequence[tuple[str, tuple[str, ...]]]
"""Titles with the names of fields."""


def control(ctx: Context, field: Field, value: Any = None) -> Control:
    """Return the control of a field, filled with a stored value."""
    special = SPECIAL.get((field.on, field.key)) if field.owner == "core" else None
    by_kind = ROWS.get(field.kind) if field.many else None
    plain = BESIDE.get(field.kind) or controls.BY_KIND.get(field.kind, Control)
    return (special or by_kind or plain)(ctx, field, value)


def editable(ctx: Context, entity: str, show: Show = Show.FORM) -> list[Field]:
    """Return the fields of an entity that the principal may write, on a surface."""
    every = [f for f in fields.visible(ctx, entity, show) if can_write(ctx, f)]
    return layouts.shown(ctx, entity, every, writing=True)


def grouped(
    ctx: Context, entity: str, every: Sequence[Field], declared: Callable[[Sequence[Field]], Groups]
) -> Groups:
    """Return the groups of fields with their titles: as somebody arranged them, else as they are declared."""
    arranged = layouts.groups(ctx, entity, [f.key for f in every])
    return declared(every) if arranged is None else arranged


class RecordForm:
    """Controls of some fields. Without `data` it shows the stored values, with it what was typed.

    After `validate()` the values are in `values`; `changes()` has those that differ from what the record has.
    """

    def __init__(
        self,
        ctx: Context,
        every: Iterable[Field],
        stored: Mapping[str, Any] | None = None,
        data: Data | None = None,
    ) -> None:
        self.ctx = ctx
        self.form_errors: list[str] = []
        self.clashes: dict[str, Clash] = {}
        self.values: dict[str, Any] = {}
        self.controls: dict[str, Control] = {
            f.key: control(ctx, layouts.ruled(ctx, f), (stored or {}).get(f.key)) for f in every
        }
        self.sent = data is not None
        if data is not None:
            for one in self.controls.values():
                if one.sent(data):
                    one.read(data)

    def __iter__(self) -> Iterator[Control]:
        return iter(self.controls.values())

    def __contains__(self, name: str) -> bool:
        return name in self.controls

    def __getitem__(self, name: str) -> Control:
        return self.controls[name]

    def only(self, names: Sequence[str]) -> list[Control]:
        """Return the controls of some fields, in the order of the names."""
        return [self.controls[n] for n in names if n in self.controls]

    def others(self, names: Sequence[str]) -> list[Control]:
        """Return the controls of all other fields: those of plugins."""
        return [c for n, c in self.controls.items() if n not in names]

    def validate(self) -> bool:
        """Read the meaning of everything typed; False when something is wrong."""
        for name, one in self.controls.items():
            if self.sent and not one.changed:
                self.values[name] = one.stored
                continue
            try:
                self.values[name] = one.value()
            except ValueError as error:
                one.errors.append(str(error))
        return not self.failed

    def unknown(self, sent: Iterable[str]) -> set[str]:
        """Return the names that belong to no control: `emails-0-value` is of `emails`."""
        return {name for name in sent if name.partition("-")[0] not in self.controls}

    @property
    def failed(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.form_errors) or any(c.errors for c in self)

    def changes(self) -> dict[str, Any]:
        """Return the values that were typed anew."""
        return {n: v for n, v in self.values.items() if self.controls[n].changed}

    def filled(self) -> dict[str, Any]:
        """Return the values that are not empty: those of a new record."""
        return {n: v for n, v in self.values.items() if v not in (None, "", [], {}, False)}

    def blame(self, problems: Mapping[str, str]) -> None:
        """Put the sentences of Invalid beside their controls, those of no field (Refuse) above the form."""
        for name, sentence in problems.items():
            if name in self.controls:
                self.controls[name].errors.append(sentence)
            else:
                self.form_errors.append(sentence)

    def foresee(self, work: Callable[[], Any]) -> None:
        """Blame also what a change would refuse, so that one look shows all there is to fix; the change is taken back.

        What is typed wrong is missing in it, and what it says of that is not heard: the control says it already.
        """
        for name, sentence in trial.problems(self.ctx, work).items():
            if name in self.controls and not self.controls[name].errors:
                self.controls[name].errors.append(sentence)

    def open(self, *names: str) -> None:
        """Give controls of rows a first, empty row, so that typing can begin at once."""
        for one in self.only(names):
            if isinstance(one, rows.Rows) and not one.typed:
                one.grow()

    def forgive(self) -> None:
        """Forget what is wrong: the form is only looked at."""
        self.form_errors.clear()
        for one in self:
            one.errors.clear()

    def press(self, what: str) -> Control | None:
        """Do what a button for rows says: `emails+` adds one, `emails-2` removes one. None when it is neither."""
        name, plus, _rest = what.rpartition("+")
        if plus and isinstance(found := self.controls.get(name), rows.Rows):
            found.grow()
            return found
        name, minus, number = what.rpartition("-")
        if minus and number.isdigit() and isinstance(found := self.controls.get(name), rows.Rows):
            found.shrink(int(number))
            return found
        return None
