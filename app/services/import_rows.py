"""What one find of a file is going to be: its field values, its keys, what had to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.formats.card import Card, Problem
from app.formats.vcard_write import write_vcard
from app.i18n import _
from app.kernel.context import Context
from app.services import cards, import_fit
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

    @property
    def card(self) -> Card:
        """The card; only for rows that have one."""
        assert isinstance(self.item.found, Card)
        return self.item.found

    def fail(self, sentence: str) -> None:
        """Say why nothing came of it."""
        self.outcome, self.record_id = "failed", None
        self.said.append(sentence)


def prepare(ctx: Context, item: Item, options: Options) -> Row:
    """Return what a find is going to be; writes nothing."""
    if isinstance(item.found, Problem):
        return _problem(item, item.found)
    card = item.found
    if card.kind == "group":
        return Row(item, GROUP)
    entity = "company" if cards.is_company(card) else "contact"
    values = (cards.company_values_of if entity == "company" else cards.values_of)(ctx, card)
    if not set(values) & TOLD:
        row = Row(item)
        row.fail(_("This card has neither a name nor an address or number. It was left out."))
        return row
    if options.tags:
        values["tags"] = [*values.get("tags", ()), *options.tags]
    said = list(import_fit.fit(ctx, entity, values))
    return Row(item, entity, values, keys_of(ctx, card, entity, values), said=said)


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
    card = item.found
    if item.row is not None:
        text = ", ".join(cell for cell in item.row.cells if cell)
    else:
        reach = [one.value for one in (*card.emails, *card.phones)]
        text = ", ".join(dict.fromkeys(filter(None, (card.formatted_name, card.organization, *reach))))
        text = text or " ".join(write_vcard(card).split()[2:-1])
    return text if len(text) <= WORDS else text[: WORDS - 1] + "…"
