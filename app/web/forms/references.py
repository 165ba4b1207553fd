"""The control of a field that points at a record: a list of them while they are few, else the record's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select as Query
from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Field
from app.services import people
from app.web.forms.controls import Select

FEW = 40
"""So many records are offered as a list."""


class Reference(Select):
    """A record of another kind. Its kind is named by `ref`; where many exist, one is named as it is titled."""

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        self._offered = _offered(ctx, field)
        self._listed = len(self._offered) <= FEW
        super().__init__(ctx, field, value)
        if not self._listed:
            self.template = "company" if field.ref == "company" else "text"

    def shown(self, value: Any) -> str:
        """Return the id in a list, the name in a text."""
        if value in (None, ""):
            return ""
        return str(value) if self._listed else self.former(str(value))

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """The entries as (value, label). Nothing chosen yet is an entry, too: nobody takes the first by not looking."""
        found = list(super().options)
        asked = self.stored in (None, "") and len(found) > 1 and ("", "–") not in found
        return [("", "–"), *found] if asked else found

    def former(self, stored: str) -> str:
        """Return the name of a record that is not on offer."""
        target = (str(self.field.ref), int(stored))
        found = people.names(self.ctx, [target]).get(target)
        return found.name if found is not None else _("something you cannot see")

    def choices(self) -> Sequence[Choice]:
        """Return the records on offer."""
        return self._offered if self._listed else ()

    def value(self) -> int | None:
        """Return the id of the record. Raises ValueError for a name that none or several have."""
        text = " ".join(str(self.typed).split())
        if not text:
            if not self.optional:
                raise ValueError(_("%(name)s is needed.", name=self.label))
            return None
        if self._listed and text.isdecimal() and len(text) <= 10:
            return int(text)
        found = self.ctx.session.execute(_titled(self.ctx, self.field, text)).scalars().all()
        if not found:
            raise ValueError(_("There is no “%(text)s” here. Write the whole name.", text=text[:80]))
        if len(found) > 1:
            raise ValueError(
                _("There are several called “%(text)s”. Rename one of them first.", text=text[:80])
            )
        return int(found[0])


def _offered(ctx: Context, field: Field) -> list[Choice]:
    """Return the records of the kind that exist for the principal, one more than a list takes."""
    if field.ref is None or not ctx.schema.has(field.ref):
        return []
    kind = ctx.schema.entity(field.ref)
    if not isinstance(kind.title, str):
        return []
    column = getattr(kind.model, kind.title)
    order = getattr(kind.model, "position", column)
    rows = ctx.session.execute(select(kind.model.id, column).order_by(order, kind.model.id).limit(FEW + 1))
    return [Choice(value=str(record_id), label=title) for record_id, title in rows]


def _titled(ctx: Context, field: Field, text: str) -> Query[Any]:
    kind = ctx.schema.entity(str(field.ref))
    return select(kind.model.id).where(getattr(kind.model, str(kind.title)) == text).limit(2)
