"""Phone numbers: understood by libphonenumber, shown as people of a country write them, found by any part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from app.formats.fold import digits
from app.formats.remembered import remembered

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


@dataclass(frozen=True)
class Phone:
    """A number as it was written and as it is dialled; all but `original` may be empty.

    `e164` is the key for comparison (`+351912345678`, without the extension); `valid` says that the
    numbering plan of the country has such numbers. What costs time is worked out when it is asked for.
    """

    original: str
    e164: str = ""
    region: str = ""
    extension: str = ""
    _number: PhoneNumber | None = field(default=None, repr=False)

    @cached_property
    def national(self) -> str:
        """How people of the country write it."""
        return self._formatted(PhoneNumberFormat.NATIONAL)

    @cached_property
    def international(self) -> str:
        """How it is written abroad."""
        return self._formatted(PhoneNumberFormat.INTERNATIONAL)

    @cached_property
    def tel_uri(self) -> str:
        """The address that dials it (RFC 3966): 112, *100# or a number without its area as it stands."""
        if self._number is not None:
            return self._formatted(PhoneNumberFormat.RFC3966)
        dialled = _DIALLED.sub("", _ascii_digits(self.original))
        return f"tel:{dialled}" if digits(dialled) else ""

    @cached_property
    def _type(self) -> int:
        if self._number is None:
            return PhoneNumberType.UNKNOWN
        found: int = phonenumbers.number_type(self._number)
        return found

    @property
    def valid(self) -> bool:
        """Whether the numbering plan of the country has such numbers."""
        return self._type != PhoneNumberType.UNKNOWN

    @property
    def kind(self) -> str:
        """What sort of number it is: mobile, fixed, toll-free … or unknown."""
        return _KINDS.get(self._type, "unknown")

    @property
    def wa_digits(self) -> str:
        """The digits by which chat services know it, of numbers that can have one."""
        return self.e164.removeprefix("+") if self.valid and self.kind in _CHATTING else ""

    def _formatted(self, how: int) -> str:
        return phonenumbers.format_number(self._number, how) if self._number is not None else ""

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
        return Phone(original)
    e164 = f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    home = (region or "").upper()
    return Phone(original, e164, _region(number, home), number.extension or "", number)


def search_keys(phone: Phone) -> str:
    """Return the runs of digits, separated by blanks, in which every part of the number is found.

    The international digits hold the national ones, except for a trunk prefix such as the 0 of 030.
    """
    if not phone.e164:
        return digits(phone.original)
    abroad, home = digits(phone.e164), digits(phone.national.partition(" ext")[0])
    return abroad if home in abroad else f"{abroad} {home}"


@remembered(4096)
def keys(text: str, region: str | None = None) -> tuple[str, str, str]:
    """Return by what a written number is known and found: E.164, region and the digits of `search_keys`."""
    phone = parse(text, region)
    return phone.e164, phone.region, search_keys(phone)


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


def _region(number: PhoneNumber, home: str) -> str:
    """Return the territory, preferring `home` where several share the number, such as +1 800 or +7 800."""
    if home and phonenumbers.is_valid_number_for_region(number, home):
        return home
    exact = phonenumbers.region_code_for_number(number)
    return exact or phonenumbers.region_code_for_country_code(number.country_code or 0)
