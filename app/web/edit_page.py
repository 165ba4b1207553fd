"""The page with all fields of a record: row buttons, errors, two people at once, photo. Records of every kind share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Clash, Conflict, Invalid
from app.services import attachments, companies, duplicates, fields, layouts, photos, records
from app.web import htmx, shown
from app.web.forms.base import refuse
from app.web.forms.controls import Control
from app.web.forms.record import RecordForm
from app.web.render import done, fragment, render
from app.web.security.csrf import FIELD

OWN = {FIELD, "version", "asked", "do", "no_photo", "photo"}
"""What the form sends besides the values of fields."""


@dataclass(frozen=True)
class Place:
    """What is edited and where: entity, endpoint of its page, endpoint of this form."""

    entity: str
    show: str
    edit: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """A record's form ready to be shown: `groups` are titles with their controls, `name` what the record is called."""

    place: Place
    record: Any
    form: RecordForm
    name: str
    groups: Sequence[tuple[str, Sequence[Control]]]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A field that two people changed: the value before, theirs and mine in words; `name` is the field's."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str


def answer(asked: Context, page: Page) -> Response:
    """Show the form, or do what was pressed on it."""
    if request.method == "GET":
        return show(page)
    refuse(n for n in page.form.unknown(request.form) - OWN if not n.startswith("keep-"))
    pressed = page.form.press(request.form.get("do", ""))
    if pressed is not None:
        return show(page, control=pressed)
    if not page.form.validate():
        page.form.foresee(lambda: _write(asked, page))
        return show(page, status=422)
    return _save(asked, page)


def show(
    page: Page, *, status: int = 200, control: Control | None = None, questions: Sequence[Question] = ()
) -> Response:
    """Return the page, or with htmx only the control whose rows changed."""
    title = _("Edit %(name)s", name=page.name)
    if control is not None and htmx.partial():
        action = url_for(page.place.edit, record_id=page.record.id)
        grown = request.form.get("do", "").endswith("+")
        return fragment("contacts/_control.html", control=control, action=action, grown=grown)
    return render(
        "contacts/edit.html",
        status=status,
        title=title if status == 200 else _("Error: %(title)s", title=title),
        page=page,
        form=page.form,
        questions=questions,
        version=request.form.get("version") or page.record.version,
        asked=page.record.version if questions else request.form.get("asked", ""),
        action=url_for(page.place.edit, record_id=page.record.id),
        back=url_for(page.place.show, record_id=page.record.id),
        pictured=page.place.entity in photos.FIELD,
        photo=photos.uids(page.form.ctx, [_photo_id(page)]).get(_photo_id(page) or 0),
    )


def _photo_id(page: Page) -> int | None:
    found: int | None = getattr(page.record, photos.FIELD.get(page.place.entity, ""), None)
    return found


def _save(asked: Context, page: Page) -> Response:
    entity, record_id = page.place.entity, page.record.id
    changes = page.form.changes()
    try:
        with asked.unit():
            _write(asked, page)
            if entity in photos.FIELD:
                _photo(asked, entity, record_id)
    except Invalid as error:
        page.form.blame(error.problems)
        return show(page, status=422)
    except Conflict as error:
        asked.session.refresh(page.record)
        return show(page, status=409, questions=questions(asked, entity, error.clashes))
    text, kind = saved(asked, entity, record_id, changes)
    return done(url_for(page.place.show, record_id=record_id), toast=text, kind=kind)


def _write(asked: Context, page: Page) -> None:
    """Write what was typed: what somebody insists on is written over what another one has changed meanwhile."""
    entity, record_id, changes = page.place.entity, page.record.id, page.form.changes()
    kept = {n for n in changes if request.form.get(f"keep-{n}") == "theirs"}
    insisted = {n for n in changes if request.form.get(f"keep-{n}") == "mine"}
    settled = companies.settled(asked, changes)
    first = {n: v for n, v in settled.items() if n not in kept | insisted}
    records.update(asked, entity, record_id, first, seen_version=seen_version())
    again = {n: v for n, v in settled.items() if n in insisted}
    records.update(asked, entity, record_id, again, seen_version=seen_version("asked"))
    layouts.judge(asked, entity, [record_id], page.form.controls.keys())


def saved(asked: Context, entity: str, record_id: int, changes: Mapping[str, Any]) -> tuple[str, str]:
    """Return the toast after a save and its kind: with a warning when somebody else has the same address or number."""
    told = {n: changes[n] for n in TELLING if changes.get(n)}
    if not told or entity not in photos.FIELD:
        return _("Saved"), "ok"
    if told.keys() & NAMING:
        told |= _named(asked, entity, record_id)
    wanted = duplicates.wanted_of(told, exclude=record_id)
    every = (duplicates.of_contact if entity == "contact" else duplicates.of_company)(asked, wanted)
    found = [match for match in every if match.sure]
    if not found:
        return _("Saved"), "ok"
    first = found[0]
    said = _("Saved. %(name)s may be the same: %(reason)s.", name=first.name, reason=first.reason.lower())
    return said, "warn"


NAMING = frozenset(("name", "given_name", "additional_name", "family_name", "affiliations"))
"""Values that say who somebody is together with the others of them."""

TELLING = NAMING | {"emails", "phones", "domains", "vat_id"}
"""Values by which a record may turn out to be another one."""


def _named(asked: Context, entity: str, record_id: int) -> dict[str, Any]:
    """Return the name of a record, and of a person the places of work, as they are now."""
    record = records.get(asked, entity, record_id)
    kind = asked.schema.entity(entity)
    wanted = [f for f in asked.schema.fields(entity) if f.key in ("name", "affiliations")]
    loaded = fields.load(asked, kind, wanted, [record])
    return {name: values.get(record_id) for name, values in loaded.items()}


def _photo(asked: Context, entity: str, record_id: int) -> None:
    sent = request.files.get("photo")
    if sent is not None and sent.filename:
        upload = attachments.Upload(name=sent.filename, data=sent.read())
        photos.put(asked, entity, record_id, upload)
    elif request.form.get("no_photo"):
        photos.take_off(asked, entity, record_id)


def seen_version(name: str = "version") -> int | None:
    """Return the version of the record that the form was made from, or that a question was about ("asked")."""
    text = request.form.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def questions(asked: Context, entity: str, clashes: Sequence[Clash]) -> list[Question]:
    """Return the clashes in people's words."""
    every = [asked.schema.field(entity, c.field) for c in clashes]
    names = shown.named(asked, every, [{c.field: v} for c in clashes for v in (c.seen, c.now, c.mine)])
    return [
        Question(
            name=clash.field,
            label=str(field.label),
            before=shown.words(asked, field, clash.seen, names),
            theirs=shown.words(asked, field, clash.now, names),
            mine=shown.words(asked, field, clash.mine, names),
        )
        for clash, field in zip(clashes, every, strict=True)
    ]
