"""The kind of record this plugin brings."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Choice, Entity, Field, Kind, Show, _l

from .models import Gift

GIFT = "gifts.gift"

OCCASIONS = (
    Choice(value="birthday", label=_l("Birthday")),
    Choice(value="christmas", label=_l("Christmas")),
    Choice(value="anniversary", label=_l("Anniversary")),
    Choice(value="thanks", label=_l("Thanks")),
    Choice(value="other", label=_l("Other")),
)


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=GIFT, column=name, order=order, **more)


ALL = (
    Entity(
        name="gift",
        label=_l("Gift"),
        plural=_l("Gifts"),
        model=Gift,
        icon="cake",
        title="name",
        subject="contact_id",
        default_columns=("name", "contact_id", "occasion", "given_on", "price"),
        default_sort="-given_on",
        fields=(
            _field("name", _l("Gift"), 0, required=True, search=3, sort=lambda m: m.name),
            _field("contact_id", _l("For"), 1, kind=Kind.REF, ref="contact"),
            _field("occasion", _l("Occasion"), 2, kind=Kind.CHOICE, choices=OCCASIONS),
            _field(
                "given_on",
                _l("Given on"),
                3,
                kind=Kind.DATE,
                hint=_l("Empty while it is an idea."),
                sort=lambda m: m.given_on,
            ),
            _field("price", _l("Price"), 4, kind=Kind.MONEY, currency="currency"),
            _field("currency", _l("Currency"), 5, show=EVERYWHERE & ~Show.LIST),
            _field("note", _l("Note"), 6, kind=Kind.LONG_TEXT, show=EVERYWHERE & ~Show.LIST),
        ),
    ),
)
