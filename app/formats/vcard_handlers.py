"""How one property of a vCard fills the draft of a card; each returns False where the property must be kept aside."""

from dataclasses import replace
from typing import cast

from app.formats.card import Kind, Photo, Property, Related, Value
from app.formats.card_draft import Draft
from app.formats.vcard_dates import iso_date
from app.formats.vcard_names import types_of
from app.formats.vcard_typing import Labels, preference, rest, text_of, types_from
from app.formats.vcard_values import image_type, read_data_uri

_SEXES = {"male": "M", "female": "F", "other": "O", "none": "N", "unknown": "U"}
_NAME_PARTS = (
    ("family_name", " "),
    ("given_name", " "),
    ("additional_name", " "),
    ("honorific_prefix", " "),
    ("honorific_suffix", ", "),
)
_LEADING_SCHEMES = ("tel:", "mailto:")


def single(field: str, draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set a text field and keep the parameters of the property."""
    text = text_of(prop)
    if not draft.put(field, text):
        return False
    _keep_params(draft, prop, field)
    return True


def _keep_params(draft: Draft, prop: Property, field: str) -> None:
    params = {name: given for name, given in prop.params.items() if name not in ("value", "group")}
    if params:
        draft.params.setdefault(field, params)


def name_parts(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set the parts of N; a second N is kept aside."""
    parts = prop.values[0] if prop.values and isinstance(prop.values[0], tuple) else (text_of(prop),)
    if "n" in draft.params or any(draft.texts.get(field) for field, _ in _NAME_PARTS):
        return not any(parts)
    if any(parts[5:]):
        return False
    for (field, joint), part in zip(_NAME_PARTS, parts, strict=False):
        draft.put(field, part if isinstance(part, str) else joint.join(filter(None, part)))
    _keep_params(draft, prop, "n")
    return True


def organization(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set organisation and units of ORG; a second ORG is kept aside."""
    parts = prop.values[0] if prop.values and isinstance(prop.values[0], tuple) else (text_of(prop),)
    name, *units = (part if isinstance(part, str) else ", ".join(part) for part in parts)
    department = "; ".join(filter(None, units))
    if draft.texts.get("organization") or (department and draft.texts.get("department")):
        return not (name or department)
    draft.put("organization", name)
    draft.put("department", department)
    _keep_params(draft, prop, "organization")
    return True


def listed_value(field: str, draft: Draft, prop: Property, labels: Labels) -> bool:
    """Add an e-mail address, phone number, web address or language."""
    value = text_of(prop)
    for scheme in _LEADING_SCHEMES:
        if prop.type == "uri" and value.lower().startswith(scheme) and field in ("phones", "emails"):
            value = value[len(scheme) :].replace(";ext=", " ext. ")
    if value:
        types = [word for word in types_from(prop, labels) if field != "emails" or word != "internet"]
        getattr(draft, field).append(Value(value, tuple(types), preference(prop), rest(prop)))
    return True


def date(field: str, draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set a date field in ISO 8601, or the text as it stands."""
    text = text_of(prop)
    found = iso_date(text)
    omitted = prop.params.get("x-apple-omit-year", ())
    if found and omitted and found.startswith(f"{omitted[0]}-"):
        found = "-" + found[4:]
        prop = replace(prop, params={k: v for k, v in prop.params.items() if k != "x-apple-omit-year"})
    return single(field, draft, replace(prop, values=(found or text,)), _labels)


def apple_date(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Set the anniversary from a labelled date; other dates are kept aside."""
    if "anniversary" not in (word.lower() for label in labels.words(prop) for word in types_of(label)):
        return False
    return date("anniversary", draft, prop, labels)


def gender(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Set GENDER or a vendor word for it."""
    if prop.values and isinstance(prop.values[0], tuple):
        sex, *words = (part if isinstance(part, str) else ", ".join(part) for part in prop.values[0])
        text = f"{sex};{'; '.join(words)}" if any(words) else sex
    else:
        text = text_of(prop)
    return single("gender", draft, replace(prop, values=(gender_of(text),)), labels)


def gender_of(text: str) -> str:
    """Return words for a gender in the form of RFC 6350: a letter, or ";" and the words ("M", ";grrrl")."""
    text = text.strip()
    if text.lower() in _SEXES:
        return _SEXES[text.lower()]
    if not text or text.upper() in ("M", "F", "O", "N", "U"):
        return text.upper()
    return text if text[0] == ";" or (text[1:2] == ";" and text[0] in "MFONU") else f";{text}"


def note(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Add a note; several become paragraphs."""
    text = text_of(prop)
    if text:
        draft.add_note(text)
        _keep_params(draft, prop, "note")
    return True


def categories(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Add categories."""
    draft.add_categories([value for value in prop.values if isinstance(value, str)])
    _keep_params(draft, prop, "categories")
    return True


def nickname(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Set the nicknames, joined with ", "."""
    names = ", ".join(value for value in prop.values if isinstance(value, str) and value)
    return single("nickname", draft, replace(prop, values=(names,)), labels)


def related(relation: str, draft: Draft, prop: Property, labels: Labels) -> bool:
    """Add another person; `relation` is what the name of the property says."""
    value = text_of(prop)
    if value:
        words = (relation, *types_from(prop, labels)) if relation else types_from(prop, labels)
        draft.related.append(Related(value, tuple(dict.fromkeys(words)), preference(prop), rest(prop)))
    return True


def photo(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set the photo; a second one is kept aside."""
    uri = text_of(prop)
    if not uri:
        return True
    if draft.photo is not None or prop.type == "text":
        return False
    held = read_data_uri(uri)
    if held is None:
        draft.photo = Photo(uri=uri)
    else:
        draft.photo = Photo(held[0], image_type(held[0]) or held[1])
    _keep_params(draft, prop, "photo")
    return True


def geo(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Set the position as a geo URI (RFC 5870)."""
    text = text_of(prop)
    latitude, mark, longitude = text.partition(";")
    if mark and not text.startswith("geo:"):
        try:
            float(latitude), float(longitude)
        except ValueError:
            return False
        text = f"geo:{latitude.strip()},{longitude.strip()}"
    return single("geo", draft, replace(prop, values=(text,)), labels)


def kind(draft: Draft, prop: Property, _labels: Labels) -> bool:
    """Set the kind of the card."""
    kind = {"company": "org", "organization": "org"}.get(text_of(prop).lower(), text_of(prop).lower())
    if kind not in ("individual", "org", "group"):
        return not kind
    draft.kind = cast(Kind, kind)
    return True


def spoken_name(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Japanese phones write how a name is spoken as SOUND;X-IRMC-N:family;given."""
    if "X-IRMC-N" not in (word.upper() for word in prop.params.get("type", ())):
        return False
    family, _, given = text_of(prop).partition(";")
    draft.put("phonetic_family_name", family.strip())
    return draft.put("phonetic_given_name", given.strip(" ;"))
