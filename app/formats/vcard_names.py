"""The words of vCard: value types, cardinalities, vendor names and types of the formats' properties."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_NAMES = _words(
    "agent categories class email expertise fn hobby interest kind label mailer name nickname note org org-directory "
    "prodid pronouns role sort-string tel title tz n adr gender clientpidmap version gramgender"
)
URI_NAMES = _words(
    "source photo impp geo logo member related uid key sound fburl caladruri caluri url contact-uri "
    "socialprofile x-socialprofile"
)
DATE_NAMES = frozenset(("bday", "anniversary", "deathdate"))
OTHER_TYPES = {"rev": "timestamp", "lang": "language-tag", "created": "timestamp"}

STRUCTURED = frozenset(("n", "adr", "org", "gender", "clientpidmap"))
LISTS = frozenset(("nickname", "categories"))
BINARY_NAMES = frozenset(("photo", "logo", "sound", "key"))

CALLING = {
    "x-aim": "aim",
    "x-icq": "icq",
    "x-jabber": "jabber",
    "x-msn": "msn",
    "x-yahoo": "yahoo",
    "x-skype": "skype",
    "x-skype-username": "skype",
    "x-gadugadu": "gadugadu",
    "x-gadu-gadu": "gadugadu",
    "x-groupwise": "groupwise",
    "x-google-talk": "gtalk",
    "x-gtalk": "gtalk",
    "x-qq": "qq",
    "x-irc": "irc",
    "x-matrix": "matrix",
    "x-telegram": "telegram",
    "x-signal": "signal",
    "x-whatsapp": "whatsapp",
    "x-threema": "threema",
    "x-wechat": "wechat",
    "x-line": "line",
    "x-kakaotalk": "kakaotalk",
    "x-twitter": "twitter",
    "x-mastodon": "mastodon",
    "x-facebook": "facebook",
    "x-linkedin": "linkedin",
    "x-instagram": "instagram",
    "x-xing": "xing",
    "x-ms-imaddress": "",
    "x-kaddressbook-x-imaddress": "",
}
"""Vendor properties that hold a messaging or social account, with its service."""

SCHEMES = {
    "jabber": "xmpp",
    "gtalk": "xmpp",
    "googletalk": "xmpp",
    "google talk": "xmpp",
    "msn": "msnim",
    "yahoo": "ymsgr",
    "gadugadu": "gg",
    "facebook messenger": "fb-messenger",
}
"""URI schemes of services that are not called like their scheme."""

SOCIAL = _words(
    "twitter x facebook linkedin instagram mastodon xing github gitlab youtube tiktok flickr myspace pinterest "
    "snapchat bluesky threads weibo sinaweibo tumblr reddit vk vimeo medium orcid researchgate"
)

RELATIONS = {
    "x-spouse": "spouse",
    "x-ms-spouse": "spouse",
    "x-evolution-spouse": "spouse",
    "x-kaddressbook-x-spousesname": "spouse",
    "x-manager": "manager",
    "x-ms-manager": "manager",
    "x-evolution-manager": "manager",
    "x-kaddressbook-x-managersname": "manager",
    "x-assistant": "assistant",
    "x-ms-assistant": "assistant",
    "x-evolution-assistant": "assistant",
    "x-kaddressbook-x-assistantsname": "assistant",
    "x-children": "child",
    "x-child": "child",
    "x-ms-child": "child",
    "x-partner": "partner",
    "x-abrelatednames": "",
    "related": "",
}
"""Properties that name another person, with the relation they stand for."""

ANNIVERSARIES = frozenset(
    (
        "anniversary",
        "x-anniversary",
        "x-ms-anniversary",
        "x-evolution-anniversary",
        "x-kaddressbook-x-anniversary",
    )
)

SINGLE_TEXTS = {
    "fn": "formatted_name",
    "uid": "uid",
    "title": "title",
    "role": "role",
    "x-kaddressbook-x-profession": "role",
    "x-profession": "role",
    "x-department": "department",
    "x-kaddressbook-x-department": "department",
    "pronouns": "pronouns",
    "x-pronouns": "pronouns",
    "tz": "time_zone",
    "source": "source",
    "x-source": "source",
    "x-phonetic-first-name": "phonetic_given_name",
    "x-phonetic-last-name": "phonetic_family_name",
}

KNOWN_TYPES = _words(
    "home work cell voice fax pager text video textphone main-number msg bbs modem car isdn pcs dom intl postal "
    "parcel internet x400 other school personal main billing delivery homepage profile blog contact acquaintance "
    "friend met co-worker colleague co-resident neighbor child parent sibling spouse kin muse crush date sweetheart "
    "me agent emergency assistant manager partner domestic-partner relative brother sister mother father "
    "referred-by callback company radio telex ftp reservations"
)
_TYPE_WORDS = {
    "mobile": ("cell",),
    "iphone": ("cell",),
    "business": ("work",),
    "private": ("home",),
    "homefax": ("home", "fax"),
    "home fax": ("home", "fax"),
    "workfax": ("work", "fax"),
    "work fax": ("work", "fax"),
    "otherfax": ("other", "fax"),
    "assistantphone": ("assistant",),
    "home page": ("homepage",),
}
_APPLE = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
TOKEN = re.compile(r"[A-Za-z0-9-]+")

COUNTRY_CODES = _words(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)


def default_type(name: str) -> str:
    """Return the value type that a property has without VALUE (RFC 6350); "unknown" for a foreign one."""
    if name in TEXT_NAMES:
        return "text"
    if name in URI_NAMES:
        return "uri"
    if name in DATE_NAMES:
        return "date-and-or-time"
    return OTHER_TYPES.get(name, "unknown")


def types_of(word: str) -> tuple[str, ...]:
    """Return the vCard types that a TYPE value or a label stands for; a word of no standard stays as written."""
    apple = _APPLE.fullmatch(word)
    plain = " ".join((apple[1] if apple else word).split())
    folded = plain.lower()
    if folded in _TYPE_WORDS:
        return _TYPE_WORDS[folded]
    if folded in KNOWN_TYPES:
        return (folded,)
    return (plain,) if plain else ()


def country_code(text: str) -> str:
    """Return the text as an ISO 3166-1 alpha-2 code in capitals if it is one, else ""."""
    code = text.strip().upper()
    return code if code in COUNTRY_CODES else ""
