"""In which order each country writes an address. Data only.

A = street and house, C = town, S = state or province, Z = postal code; a slash is a new line.
Derived from the address metadata of Google's libaddressinput (CC BY 4.0), https://chromium-i18n.appspot.com.
"""

from __future__ import annotations

# Where nothing better is known: Universal Postal Union, most frequent order.
DEFAULT = "A / Z C / S"

_TABLE = """
A / Z C       = AD AT AX AZ BA BE BG BL CH CR CY CZ DE DK DO DZ EE EH ET FI FO FR GE GF GL GP GR GW HR HT IS KW LA LI IL
A / Z C       = LR LT LU MA MC MD ME MF MG MK MQ NC NE NL NO PL PM PT PY RE RO RS SE SI SJ SK SM SN TF TJ TM TN TR VA
A / Z C       = WF XK YT ZM
A / C, S Z    = AS GU MH MP PR PW SO UM US VI FM
A / C S Z     = AU CA CC CX HM NF
A / C Z       = BH BM BN CK JO KH KY LB LS MT MV NP NZ SA SG BT VC
A / C / Z     = FK GG GS IM IO JE KE LK PN SH SZ TC ZA VG
A / C / S     = JM PA SC SR TV VN KI NR AO BW GD GH TT UG ZW
A / C         = AE BF CD CI GI GN MO MW MZ ST BJ CF CG CM DJ ER GA GM GQ LY ML MR QA RW SL TD TG TO VU WS YE
A / Z C / S   = AR CL CV MY PH UZ CO TZ
A / Z C S     = ES IT PF UY
A / C, S      = BS KN
A / Z / C     = EC MU OM AL
A / C / Z     = RU UA
Z C / A       = KG
Z / SC / A    = CN TW
A / C / S / Z = EG GB IE
A / C, S / Z  = HN IQ
A / C / S Z   = ID
A / C S Z     = TH
A / C Z / S   = IN NG
A / C, Z      = LV MM
A / Z / C / S = AM
A / C - Z     = BD
A / C - S / Z = BR
S / Z C / A   = BY
A / Z-C       = GT
S / A         = HK
C / A / Z     = HU
S / C / A / Z = IR
〒Z / SC / A   = JP
S C / A / Z   = KR
Z / S / C / A = KZ
A / S C / Z   = MN
A / Z C, S    = MX
A / Z / C, S  = NI
A / C Z S     = PG
A / C Z       = PK
A / Z-C / S   = SV
A / C Z, S    = VE
"""

# The same for addresses written in Latin letters, where that differs.
LATIN = {
    "CN": "A / C / S, Z",
    "HK": "A / S",
    "JP": "A / C, S Z",
    "KR": "A / C / S / Z",
    "TW": "A / C, S Z",
    "KG": "A / Z C",
    "BY": "A / Z C / S",
    "IR": "A / C / S / Z",
    "KZ": "A / Z C / S",
}

# What is written before the number of a post office box.
BOXES = {
    "de": "Postfach",
    "en": "PO Box",
    "es": "Apartado",
    "fr": "BP",
    "it": "Casella postale",
    "nl": "Postbus",
    "pl": "Skr. poczt.",
    "pt": "Apartado",
    "sv": "Box",
}


def _by_country() -> dict[str, str]:
    found = {}
    for line in _TABLE.strip().splitlines():
        order, _equals, countries = line.partition("=")
        found.update(dict.fromkeys(countries.split(), order.strip()))
    return found


FORMATS = _by_country()
