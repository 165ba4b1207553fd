"""What a column without a known header holds, guessed from its cells."""

import re
from itertools import permutations

_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,255}")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|\(?0|\d)[\d\s()/.-]{5,24}(?:\s*(?:x|ext\.?)\s*\d{1,6})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)")
_PHONE_MARK = re.compile(r"[+()/ -]|^0")
_NAME = re.compile(r"[^\W\d_][\w'’.\- ]{0,60}")
_SHARE = 0.6


def guess_columns(
    rows: list[tuple[str, ...]], header: tuple[str, ...], known: dict[int, str]
) -> dict[int, str]:
    """Return targets for columns that the header does not name.

    With a header only e-mail and web addresses are sure enough; without one also phone numbers, dates and names.
    """
    named = any(header)
    found: dict[int, str] = {}
    taken = set(known.values())
    for at in range(len(header)):
        cells = [row[at] for row in rows if at < len(row) and row[at]]
        target = _target(cells, named=named) if at not in known and cells else ""
        if target and (target != "birthday" or "birthday" not in taken):
            taken.add(target)
            found[at] = target
    if not named:
        found |= _names(rows, [at for at in range(len(header)) if at not in found])
    return found


def _target(cells: list[str], *, named: bool) -> str:
    if _mostly(_EMAIL, cells):
        return "emails"
    if _mostly(_URL, cells):
        return "urls"
    if named:
        return ""
    if _mostly(_DATE, cells):
        return "birthday"
    if _mostly(_PHONE, cells) and sum(1 for cell in cells if _PHONE_MARK.search(cell)) >= _SHARE * len(cells):
        return "phones"
    return ""


def _mostly(pattern: re.Pattern[str], cells: list[str]) -> bool:
    return sum(1 for cell in cells if len(cell) < 300 and pattern.fullmatch(cell)) >= _SHARE * len(cells)


def _names(rows: list[tuple[str, ...]], columns: list[int]) -> dict[int, str]:
    """The columns of names: one that joins two others is the full name, else the first two are given and family."""
    worded = [
        at for at in columns if _mostly(_NAME, [row[at] for row in rows if at < len(row) and row[at]] or [""])
    ]
    for full, given, family in permutations(worded[:6], 3):
        if _joined(rows, full, given, family):
            return {full: "formatted_name", given: "given_name", family: "family_name"}
    if not worded:
        return {}
    first = [row[worded[0]] for row in rows if worded[0] < len(row)]
    if len(worded) == 1 or any(" " in name for name in first):
        return {worded[0]: "formatted_name"}
    return {worded[0]: "given_name", worded[1]: "family_name"}


def _joined(rows: list[tuple[str, ...]], full: int, given: int, family: int) -> bool:
    width = max(full, given, family)
    texts = [(row[full], row[given], row[family]) for row in rows if len(row) > width]
    return bool(texts) and all(
        whole in (f"{one} {two}", f"{two} {one}", f"{two}, {one}") for whole, one, two in texts
    )
