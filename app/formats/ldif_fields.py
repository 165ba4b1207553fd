"""Attributes of LDAP persons (inetOrgPerson, Mozilla's schema) made into a Card."""

import base64
from dataclasses import dataclass, field

from app.formats.card import Card, Params, Property
from app.formats.vcard_addresses import ADDRESS_PARTS
from app.formats.vcard_fields import card_of
from app.formats.vcard_values import image_type


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an entry: lower-case name, text, the bytes of a base64 value, options ("lang-de")."""

    name: str
    text: str
    raw: bytes = b""
    options: tuple[str, ...] = ()
    binary: bool = False


_PLAIN: dict[str, tuple[str, tuple[str, ...]]] = {
    "cn": ("fn", ()),
    "commonname": ("fn", ()),
    "displayname": ("fn", ()),
    "mail": ("email", ()),
    "rfc822mailbox": ("email", ()),
    "mozillasecondemail": ("email", ()),
    "xmozillasecondemail": ("email", ()),
    "telephonenumber": ("tel", ("work",)),
    "homephone": ("tel", ("home",)),
    "hometelephonenumber": ("tel", ("home",)),
    "fax": ("tel", ("fax",)),
    "facsimiletelephonenumber": ("tel", ("fax",)),
    "homefax": ("tel", ("home", "fax")),
    "pager": ("tel", ("pager",)),
    "pagerphone": ("tel", ("pager",)),
    "mobile": ("tel", ("cell",)),
    "mobiletelephonenumber": ("tel", ("cell",)),
    "cellphone": ("tel", ("cell",)),
    "carphone": ("tel", ("car",)),
    "telexnumber": ("tel", ("telex",)),
    "title": ("title", ()),
    "mozillaworkurl": ("url", ("work",)),
    "workurl": ("url", ("work",)),
    "wwwhomepage": ("url", ("work",)),
    "mozillahomeurl": ("url", ("home",)),
    "homeurl": ("url", ("home",)),
    "labeleduri": ("url", ()),
    "url": ("url", ()),
    "mozillanickname": ("nickname", ()),
    "xmozillanickname": ("nickname", ()),
    "nsaimid": ("x-aim", ()),
    "nscpaimscreenname": ("x-aim", ()),
    "description": ("note", ()),
    "notes": ("note", ()),
    "comment": ("note", ()),
    "manager": ("x-manager", ()),
    "secretary": ("x-assistant", ()),
    "preferredlanguage": ("lang", ()),
    "entryuuid": ("uid", ()),
    "timezone": ("tz", ()),
    "category": ("categories", ()),
}
_NAME = ("sn surname", "givenname gn", "middlename", "personaltitle", "generationqualifier")
_HOME = (
    "mozillahomepostofficebox",
    "mozillahomestreet2",
    "mozillahomestreet homestreet",
    "mozillahomelocalityname homelocalityname",
    "mozillahomestate homestate",
    "mozillahomepostalcode homepostalcode",
    "mozillahomecountryname homecountryname",
)
_WORK = (
    "postofficebox",
    "mozillaworkstreet2",
    "street streetaddress mozillaworkstreet",
    "l locality localityname",
    "st stateorprovincename region",
    "postalcode zip",
    "c co countryname friendlycountryname",
)
_ORGANIZATION = ("o organizationname company", "ou orgunit organizationalunitname department")
_PLACED: dict[str, tuple[str, int]] = {
    word: (group, at)
    for group, parts in (("n", _NAME), ("home", _HOME), ("work", _WORK), ("org", _ORGANIZATION))
    for at, words in enumerate(parts)
    for word in words.split()
}
_LABELS = {"postaladdress": "work", "homepostaladdress": "home"}
_BIRTH = ("birthyear", "birthmonth", "birthday")
_GROUPS = frozenset(("groupofnames", "groupofuniquenames", "mailgroup", "posixgroup"))
_ORGANIZATIONS = frozenset(("organization", "organizationalunit"))


@dataclass(slots=True)
class _Gathered:
    """What an entry says in several attributes, until it can be written as properties."""

    placed: dict[str, list[list[str]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    birth: dict[str, str] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)


def card_of_entry(attributes: list[Attribute], stray: str = "") -> Card:
    """Return the card of an LDAP entry; an attribute without a field is kept as `x-ldif-<name>`."""
    held = _Gathered()
    for item in attributes:
        if item.name:
            _take(held, item)
    if stray:
        held.properties.append(Property("note", (stray,)))
    return card_of([*_composed(held), *held.properties])


def _take(held: _Gathered, item: Attribute) -> None:
    if item.binary or item.name in ("jpegphoto", "thumbnailphoto"):
        held.properties.append(_binary(item))
    elif item.options:
        held.properties.append(_kept(item))
    elif item.name in _PLAIN:
        name, types = _PLAIN[item.name]
        held.properties.append(_property(name, item.text, {"type": types} if types else {}))
    elif item.name in _PLACED:
        group, at = _PLACED[item.name]
        held.placed.setdefault(group, [[] for _ in ADDRESS_PARTS])[at].append(item.text.strip())
    elif item.name in _LABELS and _LABELS[item.name] not in held.labels:
        held.labels[_LABELS[item.name]] = "\n".join(line.strip() for line in item.text.split("$"))
    elif item.name in _BIRTH and item.name not in held.birth:
        held.birth[item.name] = item.text.strip()
    elif item.name == "objectclass":
        held.classes.append(item.text)
    else:
        held.properties.append(_kept(item))


def _property(name: str, text: str, params: Params) -> Property:
    return Property(name, (text,), "text", params)


def _kept(item: Attribute) -> Property:
    params = {"x-options": item.options} if item.options else {}
    return Property(f"x-ldif-{item.name.replace('.', '-').replace('_', '-')}", (item.text,), "text", params)


def _binary(item: Attribute) -> Property:
    name = "photo" if item.name in ("jpegphoto", "thumbnailphoto") else f"x-ldif-{item.name}"
    if not item.raw:
        return _kept(item)
    return Property(
        name, (f"data:{image_type(item.raw)};base64,{base64.b64encode(item.raw).decode()}",), "uri"
    )


def _composed(held: _Gathered) -> list[Property]:
    made = []
    classes = {word.lower() for word in held.classes}
    if classes & _GROUPS:
        made.append(Property("kind", ("group",)))
    elif classes & _ORGANIZATIONS and not classes & {"person", "inetorgperson"}:
        made.append(Property("kind", ("org",)))
    if "n" in held.placed:
        made.append(Property("n", (tuple(" ".join(words) for words in held.placed["n"][:5]),)))
    if "org" in held.placed:
        names, units = held.placed["org"][:2]
        made.append(Property("org", (("; ".join(names), *units),)))
    for place in ("home", "work"):
        if place in held.placed or place in held.labels:
            parts = tuple("\n".join(words) for words in held.placed.get(place, [[] for _ in ADDRESS_PARTS]))
            label: Params = {"label": (held.labels[place],)} if place in held.labels else {}
            made.append(Property("adr", (parts,), "text", {"type": (place,), **label}))
    made += _birthday(held.birth)
    if held.classes:
        made.append(Property("x-ldif-objectclass", (" ".join(held.classes),)))
    return made


def _birthday(birth: dict[str, str]) -> list[Property]:
    year, month, day = (birth.get(name, "") for name in _BIRTH)
    if all(part.isdecimal() for part in (month, day)) and (not year or year.isdecimal()):
        return [Property("bday", (f"{year.zfill(4) if year else '--'}{month.zfill(2)}{day.zfill(2)}",))]
    given = [f"{name}: {text}" for name, text in birth.items() if text]
    return (
        [Property("bday", (year if given == [f"birthyear: {year}"] else ", ".join(given),))] if given else []
    )
