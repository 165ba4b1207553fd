"""What one find of a file is going to be: its field values, its keys, what had to be said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.formats.card import Card, Problem
from app.formats.csv_texts import Texts, field_of
from app.formats.vcard_write import write_vcard
from app.i18n import _
from app.kernel.context import Context
from app.services import cards, import_fit, import_profiles
from app.services.import_fields import Reader
from app.services.import_matching import Keys, Match, keys_of
from app.services.import_options import Options
from app.services.import_reading import Item

WORDS = 300
"""Characters of a row that the report quotes."""

GROUP = "group"

TOLD = frozenset(
    (
        "name",
        "given_name",
        "additional_name",
        "family_name",
        "nickname",
        "emails",
        "phones",
        "links",
        "addresses",
    )
)
"""Fields of which a contact must have one, to be found again."""


@dataclass(slots=True)
class Row:
    """A find on its way: `entity` is contact, company, group or "" for a problem; `said` are sentences about it.

    `outcome` is created, updated, skipped, failed or noted (a problem of a card that was taken nevertheless).
    """

    item: Item
    entity: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    keys: Keys | None = None
    match: Match | None = None
    said: list[str] = field(default_factory=list)
    outcome: str = ""
    record_id: int | None = None

    name: str = ""
    uid: str = ""

    @property
    def card(self) -> Card | None:
        """The card, for rows that have one."""
        return self.item.found if isinstance(self.item.found, Card) else None

    def fail(self, sentence: str) -> None:
        """Say why nothing came of it."""
        self.outcome, self.record_id = "failed", None
        self.said.append(sentence)


def prepare(ctx: Context, item: Item, options: Options, reader: Reader | None = None) -> Row:
    """Return what a find is going to be; writes nothing. `reader` reads the columns that name fields."""
    if isinstance(item.found, Problem):
        return _problem(item, item.found)
    reader = reader or Reader(ctx, options.entity, options)
    if isinstance(item.found, Texts):
        return _of_texts(ctx, item, item.found, options, reader)
    card = item.found
    if card.kind == "group":
        return Row(item, GROUP)
    entity = "company" if cards.is_company(card) else "contact"
    values = (cards.company_values_of if entity == "company" else cards.values_of)(ctx, card)
    if not set(values) & TOLD:
        row = Row(item)
        row.fail(_("This card has neither a name nor an address or number. It was left out."))
        return row
    uid, wrong = _beside(item, card, options, entity, values, reader)
    uid = (card.uid or uid)[:255]
    if options.tags:
        values["tags"] = [*values.get("tags", ()), *options.tags]
    said = [*import_fit.fit(ctx, entity, values), *wrong]
    keys = keys_of(ctx, uid, entity, values, only=options.match)
    return Row(item, entity, values, keys, said=said, name=card.formatted_name, uid=uid)


def _beside(
    item: Item, card: Card, options: Options, entity: str, values: dict[str, Any], reader: Reader
) -> tuple[str, list[str]]:
    """Add the columns of a table of people that name fields; return the identifier and what could not be understood."""
    reader = reader.of(entity) if item.beside is not None else reader
    texts = _named_cells(item, options) if entity == reader.entity else None
    if texts is None or not texts.cells:
        return "", []
    uid, found, wrong = reader.values(texts)
    place = found.pop("affiliations", [{}])[0]
    if place.get("company_id"):
        import_profiles.settle_place(values, card, place["company_id"])
    elif place and "affiliations" not in values:
        values["affiliations"] = [place]
    values |= {name: value for name, value in found.items() if name not in values}
    if item.beside is not None:
        wrong = import_profiles.keep_properties(values, reader.lost, wrong)
    return uid, wrong


def _named_cells(item: Item, options: Options) -> Texts | None:
    """Return the cells of a row whose columns name fields; None for a find that is no row of a table."""
    if item.row is None or item.beside is not None:
        return item.beside
    cells = enumerate(item.row.cells)
    named = [(field_of(options.mapping.get(at, "")), cell) for at, cell in cells if cell]
    return Texts(tuple((name, cell) for name, cell in named if name))


def learn(items: Iterable[Item], options: Options, reader: Reader) -> None:
    """Look up the ids of other records in finds that are going to be prepared: a query for each kind, not for each id."""
    if options.system:
        found = (one.found if isinstance(one.found, Texts) else _named_cells(one, options) for one in items)
        reader.learn(texts for texts in found if texts is not None)


def _of_texts(ctx: Context, item: Item, texts: Texts, options: Options, reader: Reader) -> Row:
    entity = texts.entity or options.entity
    reader = reader.of(entity)
    uid, values, wrong = reader.values(texts)
    if options.tags and "tags" in reader.known:
        values["tags"] = [*values.get("tags", ()), *options.tags]
    row = Row(item, entity, values, uid=uid, name=_called(ctx, entity, values))
    if wrong and not texts.entity:
        row.entity, row.values = "", {}
        row.fail(" ".join(wrong))
        return row
    import_profiles.keep_texts(ctx, entity, values, reader.lost)
    row.said += wrong
    row.said += import_fit.fit(ctx, entity, values)
    row.keys = keys_of(ctx, uid, entity, values, only=options.match)
    return row


def _called(ctx: Context, entity: str, values: Mapping[str, Any]) -> str:
    """Return what a record will be called, by the values that say so."""
    kind = ctx.schema.entity(entity)
    names = ("given_name", "additional_name", "family_name")
    whole = " ".join(filter(None, (str(values.get(name) or "") for name in names)))
    return whole or str(
        values.get("name") or values.get(kind.title if isinstance(kind.title, str) else "") or ""
    )


def _problem(item: Item, found: Problem) -> Row:
    row = Row(item, outcome="failed" if found.lost else "noted")
    row.said.append(sentence(found))
    return row


def sentence(found: Problem) -> str:
    """Return what a reader says of a file, in the language of the person who reads it."""
    return _(found.sentence, **found.values) if found.values else _(found.sentence)


def words(item: Item) -> str:
    """Return the row's own words, shortened: cells of a table, else name and addresses of the card."""
    if isinstance(item.found, Problem):
        return item.found.words
    if item.row is not None or isinstance(item.found, Texts):
        text = ", ".join(cell for cell in (item.row.cells if item.row is not None else ()) if cell)
    else:
        card = item.found
        reach = [one.value for one in (*card.emails, *card.phones)]
        text = ", ".join(dict.fromkeys(filter(None, (card.formatted_name, card.organization, *reach))))
        text = text or " ".join(write_vcard(card).split()[2:-1])
    return text if len(text) <= WORDS else text[: WORDS - 1] + "…"
