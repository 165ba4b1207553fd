"""A card while a reader fills it: what has a free field goes there, everything else is kept aside."""

from dataclasses import dataclass, field
from typing import Any

from app.formats.card import (
    Address,
    Card,
    Impp,
    Kind,
    Params,
    Photo,
    Property,
    Related,
    Value,
    called,
)


@dataclass(slots=True)
class Draft:
    """The fields of a Card, still open; `finish` makes the card."""

    kind: Kind = "individual"
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    emails: list[Value] = field(default_factory=list)
    phones: list[Value] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    urls: list[Value] = field(default_factory=list)
    impp: list[Impp] = field(default_factory=list)
    languages: list[Value] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    photo: Photo | None = None
    params: dict[str, Params] = field(default_factory=dict)
    extra: list[Property] = field(default_factory=list)

    def put(self, name: str, text: str) -> bool:
        """Set a text field that is still empty; return whether it was (the same text again counts as put)."""
        if not text:
            return True
        return self.texts.setdefault(name, text) == text

    def add_note(self, text: str) -> None:
        """Add a paragraph to the note."""
        self.notes.append(text)

    def add_categories(self, words: list[str]) -> None:
        """Add words that are not there yet."""
        self.categories += [word for word in dict.fromkeys(words) if word and word not in self.categories]

    def finish(self) -> Card:
        """Return the card, with a formatted name made of what there is where the file had none."""
        texts: dict[str, Any] = self.texts
        if not texts.get("formatted_name"):
            texts = {**texts, "formatted_name": called(texts, (*self.emails, *self.phones, *self.impp))}
        return Card(
            kind=self.kind,
            note="\n\n".join(self.notes),
            emails=tuple(self.emails),
            phones=tuple(self.phones),
            addresses=tuple(self.addresses),
            urls=tuple(self.urls),
            impp=tuple(self.impp),
            languages=tuple(self.languages),
            related=tuple(self.related),
            categories=tuple(self.categories),
            photo=self.photo,
            params=self.params,
            extra=tuple(self.extra),
            **texts,
        )
