"""The form of a person: its groups of fields, and the new contact that one line is enough for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.formats import oneline
from app.formats.vcard_typing import text_of
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Show
from app.models import Contact
from app.services import cards, companies, custom_fields_rules, fields, layouts, stages
from app.web import shown
from app.web.forms.controls import Data
from app.web.forms.record import RecordForm, editable

LONGEST = 4000
"""Characters of the line that are read."""

NAME = (
    "honorific_prefix",
    "given_name",
    "additional_name",
    "family_name",
    "honorific_suffix",
    "nickname",
    "phonetic_given_name",
    "phonetic_family_name",
)
REACH = ("emails", "phones", "addresses", "links")
WORK = ("affiliations",)
ABOUT = (
    "lifecycle_stage",
    "tags",
    "birthday",
    "anniversary",
    "dates",
    "keep_in_touch_days",
    "languages",
    "time_zone",
    "gender",
    "pronouns",
    "note",
)
PEOPLE = ("relations",)
PRIVACY = ("do_not_contact",)
OWNER = ("owner_id", "team_id", "source")
NEW = (
    "given_name",
    "family_name",
    "emails",
    "phones",
    "affiliations",
    "lifecycle_stage",
    "tags",
    "note",
    "owner_id",
)
"""Fields that a new contact's form has below its line; the others are on the whole form."""

DEFAULTED = ("owner_id", "lifecycle_stage")
"""Fields of a new contact that are filled in beforehand."""

PHONE_TYPES = {"voice": "", "mobile": "cell"}
TEXTS = {
    "prefix": "honorific_prefix",
    "given_name": "given_name",
    "additional_name": "additional_name",
    "family_name": "family_name",
    "suffix": "honorific_suffix",
}


def groups(every: Sequence[Field]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the groups of a person's fields with their titles; those of plugins come last."""
    known = [
        (_("Name"), NAME),
        (_("Reach"), REACH),
        (_("Work"), WORK),
        (_("About"), ABOUT),
        (_("Related people"), PEOPLE),
        (_("Do not contact"), PRIVACY),
        (_("Who looks after them"), OWNER),
    ]
    taken = {name for _title, names in known for name in names} | {"name"}
    rest = tuple(f.key for f in every if f.key not in taken and fields.is_added(f))
    present = {f.key for f in every}
    return [(title, names) for title, names in [*known, (_("More"), rest)] if present & set(names)]


def further(extra: str) -> list[tuple[str, str]]:
    """Return what an imported card had beyond our fields as (name, text)."""
    return [(p.name, text_of(p)[:300]) for p in cards.further(extra)]


def whole(ctx: Context, contact: Contact, data: Data | None = None) -> RecordForm:
    """Return the whole form of a person, filled with what is stored, or with what was typed."""
    known = [f for f in editable(ctx, "contact") if f.key != "name" or _unsplit(contact)]
    every = custom_fields_rules.asked_for(ctx, "contact", contact.id, known)
    kind = ctx.schema.entity("contact")
    loaded = fields.load(ctx, kind, every, [contact])
    return RecordForm(ctx, every, {f.key: loaded[f.key].get(contact.id) for f in every}, data)


def _unsplit(contact: Contact) -> bool:
    """Tell whether the name stands in one piece, as that of "Front desk"."""
    return not (contact.given_name or contact.family_name or contact.additional_name)


class NewContact:
    """A line, the fields below it, and what both together say."""

    def __init__(self, ctx: Context, data: Data | None) -> None:
        self.ctx = ctx
        self.line = (data.get("line", "") if data is not None else "")[:LONGEST]
        self.seen = set(data.getlist("seen")) if data is not None else set()
        wanted = layouts.wanted(ctx, "contact").union(NEW)
        every = [f for f in editable(ctx, "contact", Show.FORM) if f.key in wanted or f.required]
        given = {"owner_id": ctx.user.id, "lifecycle_stage": stages.first(ctx)}
        stored = custom_fields_rules.completed(ctx, "contact", given)
        self.form = RecordForm(ctx, every, stored, data)
        self.more = any(c.changed for c in self.form)
        if data is None:
            self.form.open("emails", "phones", "affiliations")
        self.values: dict[str, Any] = {}

    def validate(self) -> bool:
        """Read everything; False when a field is wrong or nobody could be called by what was typed."""
        self.form.validate()
        explicit = self.form.filled()
        said = from_line(self.ctx, self.line)
        for control in self.form.only([name for name in said if name not in explicit]):
            control.errors = [] if not control.changed else control.errors  # the line says what is needed
        self.values = merged(said, explicit)
        if not self.form.failed and not any(self.values.get(n) for n in ("name", *NAME, "emails", "phones")):
            self.form.form_errors.append(_("Write a name, an e-mail address or a phone number."))
        return not self.form.failed

    def said(self, name: str) -> bool:
        """Tell whether somebody gave a value, so that it is no mere default."""
        return name not in self.form or self.form[name].changed or name not in DEFAULTED

    @property
    def names(self) -> shown.Names:
        """The names of what the values point at."""
        return shown.named(self.ctx, self.ctx.schema.fields("contact"), [self.values])


def from_line(ctx: Context, line: str) -> dict[str, Any]:
    """Return the field values that one line about a person says; a company guessed from an address must be known."""
    if not line.strip():
        return {}
    said = oneline.understand(line, ctx.settings.get("region") or None, str(ctx.settings.get("locale") or ""))
    values: dict[str, Any] = {
        field: getattr(said, part) for part, field in TEXTS.items() if getattr(said, part)
    }
    types = (*said.phone_types, *[""] * len(said.phones))
    kinds = [PHONE_TYPES.get(t, t) for t in types]
    values["emails"] = [{"value": v, "kind": "", "preferred": n == 0} for n, v in enumerate(said.emails)]
    values["phones"] = [
        {"value": v, "kind": kinds[n], "preferred": n == 0} for n, v in enumerate(said.phones)
    ]
    values["links"] = [
        {"value": v if "://" in v else f"https://{v}", "service": "", "kind": "", "preferred": n == 0}
        for n, v in enumerate(said.urls)
    ]
    place = _place(ctx, said)
    values["affiliations"] = [place] if place else []
    title = _("Job title: %(title)s", title=said.title) if said.title and not place else ""
    values["note"] = "\n".join(filter(None, (title, said.note)))
    return {name: value for name, value in values.items() if value}


def _place(ctx: Context, said: oneline.Understood) -> dict[str, Any]:
    company = said.organization
    if "organization" in said.guessed or not company:
        known = next((c for e in said.emails if (c := companies.of_address(ctx, e))), None)
        known = known or next(iter(companies.named(ctx, company)), None)
        if known is None:
            return {}
        company = known[1]
    return {"company": company, "title": said.title, "is_primary": True}


def merged(said: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return both together: what was typed into a field wins, of lists nothing is lost."""
    found = dict(said)
    if any(typed.get(n) for n in NAME):
        found = {n: v for n, v in found.items() if n not in NAME}
    for name, value in typed.items():
        if name in {"emails", "phones", "links"} and found.get(name):
            known = {str(e["value"]).casefold() for e in value}
            rest = [e | {"preferred": False} for e in found[name] if str(e["value"]).casefold() not in known]
            found[name] = [*value, *rest]
        elif name == "note" and found.get("note"):
            found["note"] = f"{value}\n{found['note']}"
        else:
            found[name] = value
    return found


def with_known_company(ctx: Context, place: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place of work with the company's id if there is one of the name, else marked as new."""
    known = next(iter(companies.named(ctx, str(place.get("company") or ""))), None)
    if place.get("company_id") or known is None:
        name = str(place.get("company") or "")
        return {**place, "company": name if place.get("company_id") else _("%(name)s (new)", name=name)}
    return {**place, "company_id": known[0], "company": known[1]}
