"""Targets: the words that say what a column of a table holds."""

from dataclasses import dataclass
from functools import lru_cache

from app.formats.vcard_names import KNOWN_TYPES

MANY = frozenset(
    (
        "emails",
        "phones",
        "urls",
        "impp",
        "related",
        "languages",
        "categories",
        "addresses",
        "events",
        "custom",
        "note",
    )
)
"""Fields that several columns may fill."""

TARGETS = (
    "skip",
    "note",
    "formatted_name",
    "honorific_prefix",
    "given_name",
    "additional_name",
    "family_name",
    "honorific_suffix",
    "nickname",
    "phonetic_given_name",
    "phonetic_family_name",
    "organization",
    "department",
    "title",
    "role",
    "emails",
    "emails#work",
    "emails#home",
    "emails#other",
    "phones",
    "phones#cell",
    "phones#work",
    "phones#home",
    "phones#other",
    "phones#fax",
    "phones#work-fax",
    "phones#home-fax",
    "phones#pager",
    *(
        f"addresses.{part}{slot}"
        for slot in ("", "#work", "#home", "#other", "#billing", "#delivery")
        for part in (
            "street_address",
            "extended_address",
            "post_office_box",
            "postal_code",
            "locality",
            "region",
            "country",
            "label",
        )
    ),
    "urls",
    "urls#work",
    "urls#home",
    "impp",
    "impp#linkedin",
    "impp#twitter",
    "impp#facebook",
    "impp#instagram",
    "impp#xing",
    "impp#whatsapp",
    "impp#skype",
    "birthday",
    "birthday.year",
    "birthday.month",
    "birthday.day",
    "anniversary",
    "gender",
    "pronouns",
    "languages",
    "time_zone",
    "geo",
    "categories",
    "related#spouse",
    "related#child",
    "related#manager",
    "related#assistant",
    "related#referred-by",
    "photo",
    "source",
    "uid",
)
"""The targets to choose from. Others, with numbers as slots ("emails#1"), come from the guess for known programs."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target taken apart: field of Card, part of it, slot that keeps parts together, person of the row from 1."""

    field: str
    part: str = ""
    slot: str = ""
    person: int = 1

    @property
    def types(self) -> tuple[str, ...]:
        """The vCard types that the slot says, without numbers and "pref"."""
        if self.slot in KNOWN_TYPES:
            return (self.slot,)
        return tuple(
            word for word in self.slot.split("-") if word and not word.isdecimal() and word != "pref"
        )

    @property
    def preferred(self) -> bool:
        """Whether the slot says that the value is the preferred one."""
        return "pref" in self.slot.split("-")


@lru_cache(maxsize=4096)
def parse_target(text: str) -> Target:
    """Return the parts of a target ("addresses.locality#work@2")."""
    rest, _, person = text.partition("@")
    rest, _, slot = rest.partition("#")
    field, _, part = rest.partition(".")
    return Target(field, part, slot, int(person) if person.isdecimal() else 1)
