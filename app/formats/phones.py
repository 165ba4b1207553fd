"""Phone numbers: understood by libphonenumber, shown as people of a country write them, found by any part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from app.formats.fold import digits

# Longer texts hold no number and would cost time in the parser.
MAX_LENGTH = 120

_KINDS = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed-or-mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared-cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "company",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
_CHATTING = frozenset({"mobile", "fixed", "fixed-or-mobile", "voip", "personal"})
_SEPARATORS = re.compile(r"[\s().\-/‐‑–—\u00a0]+")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_DIALLED = re.compile(r"[^\d+*#]")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was written and as it is dialled; all but `original` may be empty.

    `e164` is the key for comparison (`+351912345678`, without the extension); `valid` says that the
    numbering plan of the country has such numbers.
    """

    original: str
    e164: str = ""
    region: str = ""
    national: str = ""
    international: str = ""
    extension: str = ""
    kind: str = "unknown"
    valid: bool = False
    tel_uri: str = ""
    wa_digits: str = ""

    def shown(self, region: str | None) -> str:
        """Return the number for a reader in `region`: nationally at home, else internationally."""
        if not self.e164:
            return self.original
        return self.national if region and region.upper() == self.region else self.international


@lru_cache(maxsize=8192)
def parse(text: str, region: str | None = None) -> Phone:
    """Return what `text` says, read as someone in `region` (ISO 3166) would dial it; never fails.

    A text that is no number comes back with `original` only, so that nothing typed is lost.
    """
    original = text.strip()
    number = _read(original, region)
    if number is None or not _is_complete(number):
        # 112, *100# or a number without its area: to be dialled as it stands, not with a country code.
        dialled = _DIALLED.sub("", _ascii_digits(original))
        return Phone(original, tel_uri=f"tel:{dialled}" if digits(dialled) else "")
    return _described(original, number, (region or "").upper())


def search_keys(phone: Phone) -> str:
    """Return the runs of digits, separated by blanks, in which every part of the number is found.

    The international digits hold the national ones, except for a trunk prefix such as the 0 of 030.
    """
    if not phone.e164:
        return digits(phone.original)
    abroad, home = digits(phone.e164), digits(phone.national.partition(" ext")[0])
    return abroad if home in abroad else f"{abroad} {home}"


def query_digits(text: str) -> tuple[str, ...]:
    """Return the digits to look for when someone types part of a number, with other readings after it.

    Empty if `text` holds anything but a number; `0049…` and `+49 (0) 30…` are also read as `4930…`.
    """
    typed = text.strip().lower().removeprefix("tel:")
    rest = _SEPARATORS.sub("", _ascii_digits(typed)).removeprefix("+")
    if not rest.isdecimal():
        return ()
    without_trunk = digits(_TRUNK_ZERO.sub("", typed))
    readings = [digits(typed), without_trunk, without_trunk.removeprefix("00")]
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def is_region(code: str) -> bool:
    """Tell whether libphonenumber knows the country or territory of this ISO 3166 code."""
    return code.upper() in phonenumbers.SUPPORTED_REGIONS


def _ascii_digits(text: str) -> str:
    return text if text.isascii() else "".join(digits(char) or char for char in text)


def _read(text: str, region: str | None) -> PhoneNumber | None:
    if not digits(text) or len(text) > MAX_LENGTH:
        return None
    home = region.upper() if region and is_region(region) else None
    number = _try(text, home)
    if text.startswith("00") and (number is None or not phonenumbers.is_valid_number(number)):
        abroad = _try("+" + text[2:], None)
        return abroad if abroad and phonenumbers.is_valid_number(abroad) else number
    return number


def _try(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text.removeprefix("tel:"), region)
    except phonenumbers.NumberParseException:
        return None


def _is_complete(number: PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _described(original: str, number: PhoneNumber, home: str) -> Phone:
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    type_ = phonenumbers.number_type(number)
    valid, kind = type_ != PhoneNumberType.UNKNOWN, _KINDS.get(type_, "unknown")
    return Phone(
        original=original,
        e164=e164,
        region=_region(number, home),
        national=phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        extension=number.extension or "",
        kind=kind,
        valid=valid,
        tel_uri=phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
        wa_digits=e164.removeprefix("+") if valid and kind in _CHATTING else "",
    )


def _region(number: PhoneNumber, home: str) -> str:
    """Return the territory, preferring `home` where several share the number, such as +1 800 or +7 800."""
    if home and phonenumbers.is_valid_number_for_region(number, home):
        return home
    exact = phonenumbers.region_code_for_number(number)
    return exact or phonenumbers.region_code_for_country_code(number.country_code or 0)
