"""What a property says about its value beside the text: types, labels of Apple and Google, preference, the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.formats.card import Params, Property
from app.formats.vcard_names import TOKEN, country_code, types_of
from app.formats.vcard_values import unescape


def text_of(prop: Property) -> str:
    """Return the value of a property as one text, its parts joined with ", "; raw text is unescaped."""
    found: list[str] = []
    for value in prop.values:
        for part in (value,) if isinstance(value, str) else value:
            found += [part] if isinstance(part, str) else part
    text = ", ".join(filter(None, found)) if len(found) != 1 else found[0]
    return (unescape(text) if prop.type == "unknown" else text).strip()


MAX_LABELS = 8
"""Most labels taken from one group; more of them are kept aside."""


@dataclass(slots=True)
class Labels:
    """The X-ABLabel and X-ABADR lines that belong to other properties by their group ("item1.")."""

    lines: dict[tuple[str, ...], list[Property]]
    addressed: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, properties: Iterable[Property]) -> "Labels":
        """Return the labels among the properties, by group."""
        lines: dict[tuple[str, ...], list[Property]] = {}
        addressed = set()
        for prop in properties:
            group = prop.params.get("group", ())
            if prop.name in ("x-ablabel", "x-abadr") and group:
                lines.setdefault(group, []).append(prop)
            elif prop.name == "adr":
                addressed.add(group)
        return cls(lines, frozenset(addressed))

    def _named(self, prop: Property, name: str) -> list[str]:
        found = self.lines.get(prop.params.get("group", ()), [])[: 2 * MAX_LABELS]
        return [text_of(line) for line in found if line.name == name]

    def words(self, prop: Property) -> list[str]:
        """Return the labels of a property, as written."""
        return self._named(prop, "x-ablabel")[:MAX_LABELS]

    def country(self, prop: Property) -> str:
        """Return the country code that Apple gives the address of the property's group, else ""."""
        if prop.params.get("group", ()) not in self.addressed:
            return ""
        return next(filter(None, map(country_code, self._named(prop, "x-abadr"))), "")

    def unused(self, given: list[Property], kept: list[Property]) -> list[Property]:
        """Return the labels that must be kept because a property of their group is, or because it has none."""
        groups = [prop.params.get("group", ()) for prop in given if prop.name not in ("x-ablabel", "x-abadr")]
        served = set(groups) - {prop.params.get("group", ()) for prop in kept}
        return [
            prop for prop in given if prop.name == "x-ablabel" and prop.params.get("group", ()) not in served
        ]


def _labels(lines: list[Property]) -> list[Property]:
    return [line for line in lines if line.name == "x-ablabel"]


def types_from(prop: Property, labels: Labels) -> tuple[str, ...]:
    """Return the types of a property: its TYPE parameter, then its labels; "pref" is none."""
    words = (*prop.params.get("type", ()), *labels.words(prop))
    types = dict.fromkeys(name for word in words for name in types_of(word))
    known = (name for name in types if name.lower() != "pref")
    return tuple(sorted(known, key=lambda name: TOKEN.fullmatch(name) is None))


def preference(prop: Property) -> int | None:
    """Return PREF (1 to 100), 1 for the older TYPE=pref, None without either."""
    for word in prop.params.get("pref", ()):
        if word.isdecimal() and 1 <= int(word[:4]) <= 100:
            return int(word)
    return 1 if any(word.lower() == "pref" for word in prop.params.get("type", ())) else None


def rest(prop: Property, *known: str) -> Params:
    """Return the parameters that no field holds; `known` are those that the caller has put somewhere."""
    taken = {"type", "value", *known}
    if preference(prop) is not None:
        taken.add("pref")
    return {name: given for name, given in prop.params.items() if name not in taken}
