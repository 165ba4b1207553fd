"""What an import would say of the pictures of cards: they are decoded and thrown away again, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.formats import images
from app.formats.card import Card, Photo
from app.i18n import _
from app.kernel.context import Context
from app.services import records
from app.services.import_options import Options
from app.services.import_reading import Item
from app.services.import_rows import Row
from app.services.photos import FIELD, SIDE


def of_cards(batch: Iterable[Item]) -> dict[int, Photo]:
    """Return the pictures of some finds, by the number of the find."""
    cards = ((item.number, item.found) for item in batch if isinstance(item.found, Card))
    return {number: card.photo for number, card in cards if card.photo is not None and card.photo.data}


def told(ctx: Context, rows: Iterable[Row], pictures: Mapping[int, Photo], options: Options) -> None:
    """Let rows that were tried without their picture have the outcome and the sentences that it leads to."""
    taken: set[int] = set()
    for row in rows:
        photo = pictures.get(row.item.number)
        if photo is None or not _wanted(ctx, row, taken, options):
            continue
        try:
            images.thumbnail(photo.data, (SIDE, SIDE), square=row.entity == "contact")
        except images.ImageError as error:
            row.said += [str(error), _("The picture is among the files instead.")]
        else:
            taken.add(row.item.number)
            row.outcome = "created" if row.outcome == "created" else "updated"


def _wanted(ctx: Context, row: Row, taken: set[int], options: Options) -> bool:
    """Tell whether the import would take a picture: of a record that is taken and has none yet, or gets another."""
    if row.entity not in FIELD or row.outcome not in ("created", "updated", "skipped"):
        return False
    match = row.match
    if match is None or row.outcome == "created":
        return True
    if options.duplicates == "skip":
        return False
    if options.duplicates == "replace":
        return True
    if not match.id:
        return match.number not in taken
    return getattr(records.get(ctx, row.entity, match.id), FIELD[row.entity]) is None
