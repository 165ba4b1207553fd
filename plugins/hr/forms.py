"""Forms made of declared fields, the same way in every part: what who asks may write, with its own sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from app.sdk import Context, Invalid, Refuse
from app.sdk.services import fields, records
from app.sdk.web import RecordForm, Response, can_write, ctx, done, render


def of(asked: Context, entity: str, names: Sequence[str], stored: Mapping[str, Any], data: Any) -> RecordForm:
    """Return the form of some fields of an entity over what is stored."""
    known = {f.key: f for f in fields.visible(asked, entity)}
    every = [known[name] for name in names if name in known and can_write(asked, known[name])]
    return RecordForm(asked, every, stored, data)


def stored(asked: Context, entity: str, record: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of some fields of a record."""
    known = {f.key: f for f in fields.visible(asked, entity)}
    wanted = [known[name] for name in names if name in known]
    loaded = fields.load(asked, asked.schema.entity(entity), wanted, [record])
    return {f.key: loaded[f.key].get(record.id) for f in wanted if f.key in loaded}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page that makes or changes a record; `url` (record) is where it leads then, else back.

    `begin` are values to begin with, `fixed` those that are written beside what the form says.
    """

    entity: str
    names: Sequence[str]
    title: str
    back: str
    toast: str
    url: Callable[[Any], str] | None = None
    record: Any = None
    begin: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


def answer(page: Page) -> Response:
    """Show the form, or keep what it says."""
    asked = ctx()
    posted = request.form if request.method == "POST" else None
    held = (
        stored(asked, page.entity, page.record, page.names) if page.record is not None else dict(page.begin)
    )
    form = of(asked, page.entity, page.names, held, posted)
    said = ""
    if posted is not None and form.validate():
        try:
            made = _kept(asked, page, form)
            return done(page.url(made) if page.url else page.back, toast=page.toast)
        except Invalid as error:
            form.blame(error.problems)
        except Refuse as error:
            said = str(error)
    return render(
        "hr/form.html",
        status=422 if form.failed or said else 200,
        title=page.title,
        form=form,
        back=page.back,
        said=said,
        here=request.path,
    )


def _kept(asked: Context, page: Page, form: RecordForm) -> Any:
    if page.record is None:
        return records.create(asked, page.entity, {**form.filled(), **page.fixed})
    return records.update(asked, page.entity, page.record.id, form.changes())
