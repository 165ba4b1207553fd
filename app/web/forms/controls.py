"""Controls for fields, by kind: what is shown, what was typed, what it means. One for every field, plugins' too."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.formats import languages, partial_dates
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Field, Kind
from app.models import Team
from app.services import fields, people

Data = MultiDict[str, str]


class Control:
    """One line of text. `typed` is what the control shows; `value()` what it means; `problem` is the first error."""

    template = "text"
    type = "text"
    attrs: ClassVar[Mapping[str, str]] = {}

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        self.ctx, self.field = ctx, field
        self.name = field.key
        self.base_id = "f-" + field.key.replace(".", "-")
        self.label, self.hint = str(field.label), str(field.hint)
        self.optional = not field.required
        self.errors: list[str] = []
        self.stored = value
        self.typed: Any = self.shown(value)
        self._first = copy.deepcopy(self.typed)

    @property
    def changed(self) -> bool:
        """Whether something else was typed than what the record has."""
        return bool(self.typed != self._first)

    @property
    def id(self) -> str:
        """The control that an error is about."""
        return self.base_id

    @property
    def problem(self) -> str | None:
        """The first error."""
        return self.errors[0] if self.errors else None

    def shown(self, value: Any) -> Any:
        """Return a stored value as it stands in the control."""
        return "" if value is None else str(value)

    def sent(self, data: Data) -> bool:
        """Tell whether a form held this control."""
        return self.name in data

    def read(self, data: Data) -> None:
        """Take what was typed."""
        self.typed = data.get(self.name, "")

    def value(self) -> Any:
        """Return what the typed text means. Raises ValueError with a sentence."""
        return fields.parse(self.ctx, self.field, str(self.typed))


class Area(Control):
    """Several lines of text, Markdown."""

    template = "area"

    def value(self) -> Any:
        """Return the text with plain line ends."""
        text = str(self.typed).replace("\r\n", "\n").replace("\r", "\n").rstrip()
        return fields.parse(self.ctx, self.field, text)


class Number(Control):
    """A figure."""

    attrs: ClassVar[Mapping[str, str]] = {"inputmode": "decimal"}

    def shown(self, value: Any) -> str:
        """Return the figure with its decimal point, without zeros that say nothing."""
        text = "" if value is None else str(value)
        return text.rstrip("0").rstrip(".") if "." in text else text


class Day(Control):
    """A date, perhaps without the year, as people of the reader's language write it."""

    def shown(self, value: Any) -> str:
        """Return the date in words where they are understood again, else in ISO 8601."""
        text = str(value or "")
        try:
            when = partial_dates.from_iso(text)
            said = partial_dates.display(when, self.ctx.locale)
            return said if str(partial_dates.parse(said, self.ctx.locale)) == text else text
        except partial_dates.DateError:
            return text


class Moment(Control):
    """A date with a time in the reader's zone."""

    type = "datetime-local"

    def shown(self, value: Any) -> str:
        """Return the moment as the browser's control writes it."""
        if not isinstance(value, datetime):
            return str(value or "")
        return value.astimezone(self.ctx.zone).strftime("%Y-%m-%dT%H:%M")


class Languages(Control):
    """Languages by name."""

    def shown(self, value: Any) -> str:
        """Return the names of the languages."""
        return ", ".join(languages.names(str(value or ""), self.ctx.locale))


class Tags(Control):
    """Words separated by commas."""

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        super().__init__(ctx, field, value)
        self.hint = self.hint or _("Separated by commas.")

    def shown(self, value: Any) -> str:
        """Return the words in one line."""
        return ", ".join(str(v) for v in value or ())


class Select(Control):
    """One of a list."""

    template = "select"

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """The entries as (value, label): a present value that is no entry any more stays possible."""
        stored = self.shown(self.stored)
        found = [(c.value, str(c.label)) for c in self.choices() if not c.retired or c.value == stored]
        known = {value for value, _label in found}
        if self.optional and "" not in known:
            found.insert(0, ("", "–"))
        if stored and stored not in known:
            found.append((stored, self.former(stored)))
        return found

    def former(self, stored: str) -> str:
        """Return the label of a value that is no entry any more."""
        return stored

    def choices(self) -> Sequence[Choice]:
        """Return the entries."""
        return fields.choices(self.ctx, self.field)


class Colleague(Select):
    """A colleague, the principal first."""

    def choices(self) -> Sequence[Choice]:
        """Return the active users."""
        found = people.colleagues(self.ctx)
        mine = [
            Choice(value=str(i), label=_("%(name)s (me)", name=n)) for i, n in found if i == self.ctx.user.id
        ]
        return [*mine, *(Choice(value=str(i), label=n) for i, n in found if i != self.ctx.user.id)]

    def former(self, stored: str) -> str:
        """Return the name of somebody who is not active any more."""
        return people.user_names(self.ctx, [int(stored)]).get(int(stored), stored)


class TeamChoice(Select):
    """A team."""

    def choices(self) -> Sequence[Choice]:
        """Return all teams by name."""
        rows = self.ctx.session.execute(select(Team.id, Team.name).order_by(Team.name))
        return [Choice(value=str(r.id), label=r.name) for r in rows]


class Box(Control):
    """Yes or no."""

    template = "box"

    def shown(self, value: Any) -> bool:
        """Return whether it is on."""
        return bool(value)

    def sent(self, data: Data) -> bool:
        """An empty box sends nothing, so a hidden field tells that it was there."""
        return f"{self.name}-there" in data

    def read(self, data: Data) -> None:
        """Take the state of the box."""
        self.typed = self.name in data

    def value(self) -> bool:
        """Return whether it is on."""
        return bool(self.typed)


class Boxes(Control):
    """Several of a list."""

    template = "boxes"

    def shown(self, value: Any) -> list[str]:
        """Return the chosen entries."""
        return [str(v) for v in value or ()]

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """The entries as (value, label)."""
        return [(c.value, str(c.label)) for c in fields.choices(self.ctx, self.field)]

    def sent(self, data: Data) -> bool:
        """Empty boxes send nothing, so a hidden field tells that they were there."""
        return f"{self.name}-there" in data

    def read(self, data: Data) -> None:
        """Take the boxes that are on."""
        self.typed = data.getlist(self.name)

    def value(self) -> list[str]:
        """Return the chosen entries. Raises ValueError for one that is none of the list."""
        known = {value for value, _label in self.options}
        if unknown := [v for v in self.typed if v not in known]:
            raise ValueError(_("“%(text)s” is no choice here.", text=unknown[0]))
        return list(self.typed)


BY_KIND: dict[Kind, type[Control]] = {
    Kind.LONG_TEXT: Area,
    Kind.NUMBER: Number,
    Kind.MONEY: Number,
    Kind.DATE: Day,
    Kind.PARTIAL_DATE: Day,
    Kind.TIME: Moment,
    Kind.BOOL: Box,
    Kind.CHOICE: Select,
    Kind.CHOICES: Boxes,
    Kind.USER: Colleague,
    Kind.TEAM: TeamChoice,
    Kind.TAGS: Tags,
}
