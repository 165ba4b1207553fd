"""What can be asked of the core's values that are rows of other tables: addresses, tags, places of work, ties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_, select
from sqlalchemy.orm import aliased

from app.formats import emails, phones
from app.formats.fold import fold
from app.formats.plain import plain
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.kernel.expr.conditions import Measure
from app.models import (
    Affiliation,
    Company,
    CompanyDomain,
    DoNotContact,
    EmailAddress,
    InteractionLink,
    PhoneNumber,
    PostalAddress,
    Relation,
    Tag,
    TagLink,
    TaskItem,
    TaskLink,
    TaskMate,
    Team,
    User,
    WebLink,
)
from app.services import fields
from app.services.filter_sources import Hop, How, Source, Values, model_of, of_loaded, rows
from app.services.filter_texts import plain_text
from app.services.task_fields import OPEN, REMINDERS, TICKED

Build = Callable[[Context, Entity, Field], Source | None]


def _source(
    entity: Entity, field: Field, reads: str, test: Any, each: Callable[[Any], Any], **more: Any
) -> Source:
    """Return a source of a field of several values; `each` makes a loaded value one that is compared."""
    measure = more.pop("measure", Measure.PLAIN)
    return Source(
        name=field.key,
        label=field.label,
        reads=reads,
        measure=measure,
        test=test,
        values=of_loaded(entity, field, each),
        field=field,
        choices=lambda asked: fields.choices(asked, field),
        **more,
    )


def _whose(entity: Entity) -> str:
    return f"{entity.key}_id"


# ---------------------------------------------------------------- ways to reach somebody


def _emails(ctx: Context, entity: Entity, field: Field) -> Source:
    test = rows(EmailAddress, _whose(entity), lambda row: row.key)
    return _source(entity, field, "mail", test, lambda entry: mail_key(entry["value"]), measure=Measure.CODE)


def mail_key(text: str) -> str:
    """Return the key by which an e-mail address is compared."""
    return emails.normalise(text) or text.casefold()


def _phones(ctx: Context, entity: Entity, field: Field) -> Source:
    region = ctx.settings.get("region") or None
    test = rows(PhoneNumber, _whose(entity), lambda row: row.digits)
    return _source(
        entity,
        field,
        "phone",
        test,
        lambda entry: phone_digits(entry["value"], region),
        measure=Measure.CODE,
    )


def phone_digits(text: str, region: str | None) -> str:
    """Return the digits by which a number is compared."""
    return phones.search_keys(phones.parse(text, region))[:40]


def _links(ctx: Context, entity: Entity, field: Field) -> Source:
    test = rows(WebLink, _whose(entity), lambda row: row.value)
    return _source(entity, field, "text", test, lambda entry: entry["value"])


ADDRESS = ("street_address", "extended_address", "postal_code", "locality", "region", "country")
PARTS = (
    ("city", "locality", _l("City")),
    ("region", "region", _l("Region")),
    ("postal_code", "postal_code", _l("Postal code")),
    ("street", "street_address", _l("Street")),
)


def _addresses(ctx: Context, entity: Entity, field: Field) -> Source:
    """An address as a whole, and its parts: any of the addresses may answer."""
    whose = _whose(entity)

    def part(name: str, label: Any, reads: str, value: Any, each: Any, measure: Measure) -> Source:
        return Source(
            name=name,
            label=label,
            reads=reads,
            measure=measure,
            test=rows(PostalAddress, whose, value),
            values=of_loaded(entity, field, each),
        )

    def column(name: str) -> Callable[[Any], Any]:
        return lambda row: getattr(row, name)

    def entry(name: str) -> Callable[[Any], Any]:
        return lambda entry: entry.get(name)

    parts = [part(n, lab, "text", column(c), entry(c), Measure.PLAIN) for n, c, lab in PARTS]
    parts.append(part("country", _l("Country"), "country", _country, _country_of, Measure.CODE))
    test = rows(PostalAddress, whose, _written)
    return _source(entity, field, "words", test, _written_of, parts=tuple(parts))


def _country(row: Any) -> ColumnElement[str]:
    return case((row.country_code != "", row.country_code), else_=plain_text(row.country))


def _country_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("country_code") or plain(str(entry.get("country") or "")))


def _written(row: Any) -> ColumnElement[str]:
    joined = getattr(row, ADDRESS[0])
    for name in ADDRESS[1:]:
        joined = joined + " " + getattr(row, name)
    return joined  # type: ignore[no-any-return]


def _written_of(entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry.get(name) or "") for name in ADDRESS)


# ---------------------------------------------------------------- words


def _domains(ctx: Context, entity: Entity, field: Field) -> Source:
    return _source(entity, field, "text", rows(CompanyDomain, "company_id", lambda row: row.domain), str)


def _tags(ctx: Context, entity: Entity, field: Field) -> Source:
    def test(asked: Context, record: Any, how: How) -> ColumnElement[bool]:
        link, tag = aliased(TagLink), aliased(Tag)
        tagged = select(tag.id).where(how(tag.key))
        found = select(link.record_id).where(link.entity == entity.key, link.tag_id.in_(tagged))
        return record.id.in_(found)  # type: ignore[no-any-return]

    return _source(entity, field, "tag", test, tag_key, measure=Measure.CODE)


def tag_key(text: str) -> str:
    """Return the key by which a tag is compared."""
    return fold(text).strip()[:80]


def _channels(ctx: Context, entity: Entity, field: Field) -> Source:
    test = rows(DoNotContact, "contact_id", lambda row: row.channel)
    return _source(entity, field, "choice", test, lambda flag: flag["channel"], measure=Measure.CODE)


# ---------------------------------------------------------------- records


def _leading(
    ctx: Context, entity: Entity, field: Field, target: str, test: Any, each: Callable[[Any], Any]
) -> Source | None:
    """Return a source that leads to other records by their ids."""
    model = model_of(ctx, target)
    if model is None:
        return None
    hop = Hop(
        target=target,
        model=model,
        test=lambda asked, record, inner: test(asked, record, lambda value: value.in_(inner)),
        values=of_loaded(entity, field, each),
    )
    reads = "user" if target == "user" else "ref"
    return _source(entity, field, reads, test, each, measure=Measure.ID, hop=hop)


def _present_place(row: Any) -> ColumnElement[bool]:
    return row.ended_on == ""  # type: ignore[no-any-return]


def _company(ctx: Context, entity: Entity, field: Field) -> Source | None:
    """The companies somebody works in now."""
    places = ctx.schema.field("contact", "affiliations")
    test = rows(Affiliation, "contact_id", lambda row: row.company_id, _present_place)
    found = _leading(
        ctx, entity, places, "company", test, lambda e: None if e["ended_on"] else e["company_id"]
    )
    return found and _renamed(found, field)


def _affiliations(ctx: Context, entity: Entity, field: Field) -> Source | None:
    """The companies somebody works or worked in."""
    test = rows(Affiliation, "contact_id", lambda row: row.company_id)
    return _leading(ctx, entity, field, "company", test, lambda e: e["company_id"])


def _title(ctx: Context, entity: Entity, field: Field) -> Source:
    """What somebody does in the primary company."""

    def seen(row: Any) -> ColumnElement[bool]:
        company = aliased(Company)
        place = and_(row.is_primary.is_(True), row.ended_on == "")
        return and_(place, row.company_id.in_(select(company.id)))

    test = rows(Affiliation, "contact_id", lambda row: row.title, seen)
    return _source(entity, field, "text", test, lambda title: title)


def _relations(ctx: Context, entity: Entity, field: Field) -> Source | None:
    def test(asked: Context, record: Any, how: How) -> ColumnElement[bool]:
        tie, back = aliased(Relation), aliased(Relation)
        return or_(
            record.id.in_(select(tie.contact_id).where(how(tie.other_id))),
            record.id.in_(select(back.other_id).where(how(back.contact_id))),
        )

    return _leading(ctx, entity, field, "contact", test, lambda e: e["other_id"])


def _took_part(target: str) -> Build:
    def build(ctx: Context, entity: Entity, field: Field) -> Source | None:
        def as_one(row: Any) -> ColumnElement[bool]:
            return and_(row.entity == target, row.role == "participant")

        test = rows(InteractionLink, "interaction_id", lambda row: row.record_id, as_one)
        return _leading(ctx, entity, field, target, test, lambda i: i)

    return build


def _mates(ctx: Context, entity: Entity, field: Field) -> Source | None:
    test = rows(TaskMate, "task_id", lambda row: row.user_id)
    return _leading(ctx, entity, field, "user", test, lambda i: i)


def _checklist(ctx: Context, entity: Entity, field: Field) -> Source:
    """The lines of a checklist, any of which may answer; its part `open` are those that are not ticked."""
    whole = of_loaded(entity, field)

    def lines(*begins: str) -> Callable[[Context, Sequence[int]], Values]:
        def values(asked: Context, ids: Sequence[int]) -> Values:
            texts = {i: str(found[0] or "").splitlines() for i, found in whole(asked, ids).items()}
            return {
                i: [t[len(begins[0]) :] for t in some if t.startswith(begins)] for i, some in texts.items()
            }

        return values

    def source(name: str, label: Any, values: Any, *given: Any, **more: Any) -> Source:
        test = rows(TaskItem, "task_id", lambda row: row.text, *given)
        return Source(name=name, label=label, reads="text", test=test, values=values, **more)

    still = source("open", _l("Open lines"), lines(OPEN), lambda row: row.done_at.is_(None))
    return source(field.key, field.label, lines(OPEN, TICKED), field=field, parts=(still,))


def _remind(ctx: Context, entity: Entity, field: Field) -> Source:
    """How many minutes before it is due people are reminded of a task: a few numbers in one column."""

    def test(asked: Context, record: Any, how: How) -> ColumnElement[bool]:
        kept = "," + record.remind + ","
        return or_(*(and_(kept.contains(f",{n},"), how(literal(n))) for n in REMINDERS))

    return _source(entity, field, "choice", test, str, measure=Measure.CODE)


def _about(model: Any, whose: str, role: bool) -> Build:
    """What something is about: a part for each kind of record, such as `about.company`."""

    def build(ctx: Context, entity: Entity, field: Field) -> Source | None:
        parents = (e for e in ctx.schema.entities() if e.key not in {"interaction", "task"})
        parts = (_about_one(ctx, entity, field, target, (model, whose, role)) for target in parents)
        found = tuple(part for part in parts if part is not None)
        return _source(entity, field, "group", None, str, parts=found) if found else None

    return build


def _about_one(
    ctx: Context, entity: Entity, field: Field, target: Entity, way: tuple[Any, str, bool]
) -> Source | None:
    model, whose, role = way

    def tied(row: Any) -> ColumnElement[bool]:
        is_it = row.entity == target.key
        return and_(is_it, row.role == "about") if role else is_it

    def each(value: str) -> int | None:
        of, _sep, number = str(value).rpartition(":")
        return int(number) if of == target.key else None

    test = rows(model, whose, lambda row: row.record_id, tied)
    found = _leading(ctx, entity, field, target.key, test, each)
    return found and _renamed(found, Field(name=target.key, label=target.label, on=entity.key, kind=Kind.REF))


def _renamed(source: Source, field: Field) -> Source:
    return replace(source, name=field.key, label=field.label, field=field)


SPECIAL: Mapping[tuple[str, str], Build] = {
    **{(of, "emails"): _emails for of in ("contact", "company")},
    **{(of, "phones"): _phones for of in ("contact", "company")},
    **{(of, "addresses"): _addresses for of in ("contact", "company")},
    **{(of, "links"): _links for of in ("contact", "company")},
    ("company", "domains"): _domains,
    ("contact", "do_not_contact"): _channels,
    ("contact", "company"): _company,
    ("contact", "affiliations"): _affiliations,
    ("contact", "title"): _title,
    ("contact", "relations"): _relations,
    ("interaction", "contacts"): _took_part("contact"),
    ("interaction", "users"): _took_part("user"),
    ("interaction", "about"): _about(InteractionLink, "interaction_id", True),
    ("task", "mates"): _mates,
    ("task", "checklist"): _checklist,
    ("task", "remind"): _remind,
    ("task", "about"): _about(TaskLink, "task_id", False),
}
"""(entity, field) → what builds its source, for the core's fields whose values are rows of other tables."""


def special(entity: Entity, field: Field) -> Build | None:
    """Return what builds the source of a field that is neither column nor expression, if we know a way."""
    return SPECIAL.get((entity.key, field.key)) or (_tags if field.kind is Kind.TAGS else None)


# ---------------------------------------------------------------- colleagues and teams


def _own(model: Any, column: str) -> tuple[Any, Callable[[Context, Sequence[int]], Values]]:
    def test(ctx: Context, record: Any, how: How) -> ColumnElement[bool]:
        return how(getattr(record, column))

    def values(ctx: Context, ids: Sequence[int]) -> Values:
        query = select(model.id, getattr(model, column)).where(model.id.in_(ids))
        return {row[0]: [row[1]] for row in ctx.session.execute(query)}

    return test, values


def others(target: str) -> dict[str, Source]:
    """Return what can be asked of a colleague or a team on the way."""
    if target == "team":
        test, values = _own(Team, "name")
        return {"name": Source(name="name", label=_l("Name"), reads="text", test=test, values=values)}
    found: dict[str, Source] = {}
    for name, label, reads, measure in (
        ("name", _l("Name"), "text", Measure.PLAIN),
        ("email", _l("E-mail"), "login", Measure.CODE),
    ):
        test, values = _own(User, name)
        found[name] = Source(name=name, label=label, reads=reads, measure=measure, test=test, values=values)
    test, values = _own(User, "team_id")
    hop = Hop(
        target="team",
        model=Team,
        test=lambda ctx, record, inner: record.team_id.in_(inner),
        values=values,
    )
    team = Source(
        name="team", label=_l("Team"), reads="team", measure=Measure.ID, test=test, values=values, hop=hop
    )
    return found | {"team": team}
