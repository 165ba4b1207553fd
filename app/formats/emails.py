"""E-mail addresses: read as people paste them, compared without case, judged with a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import email_validator
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from app.formats.remembered import remembered
from app.i18n import _

# People in a house with its own mail server do write to ana@crm.local; the library documents this switch.
for _name in {"local", "test"} & set(email_validator.SPECIAL_USE_DOMAIN_NAMES):
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)

_ANGLED = re.compile(r"<\s*([^<>]*)\s*>[\s,;.]*$")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"(?=.{{1,64}}@)({_ATOM}(?:\.{_ATOM})*)@([A-Za-z0-9.-]+)")
"""Addresses whose first part needs no closer look (RFC 5322 dot-atom in small letters); the domain is judged apart."""

LONGEST = 254
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
)

# Second-level names under which companies register: acme.co.uk is Acme, not "co".
_REGISTRIES = "ac asn biz co com ed edu gob gouv gov gv id info ltd me mil name ne net nom or org plc sch"
_PROVIDERS = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com aol.com aim.com
yahoo.com ymail.com rocketmail.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com
gmx.de gmx.net gmx.at gmx.ch gmx.com web.de freenet.de t-online.de arcor.de posteo.de mailbox.org email.de
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr
sapo.pt iol.pt clix.pt mail.pt uol.com.br bol.com.br terra.com.br ig.com.br
libero.it virgilio.it tiscali.it alice.it tin.it telefonica.net terra.es
btinternet.com ntlworld.com sky.com talktalk.net virginmedia.com blueyonder.co.uk
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com
rogers.com shaw.ca sympatico.ca bigpond.com optusnet.com.au xtra.co.nz rediffmail.com
bluewin.ch hispeed.ch chello.at aon.at telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl
wp.pl o2.pl onet.pl interia.pl op.pl seznam.cz centrum.cz azet.sk freemail.hu citromail.hu abv.bg
telia.com online.no mail.dk jubii.dk luukku.com
mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua meta.ua
qq.com 163.com 126.com sina.com sohu.com foxmail.com yeah.net naver.com daum.net hanmail.net nate.com
docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp
fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com mail.com email.com inbox.com gmx.us hey.com
duck.com mailinator.com guerrillamail.com yopmail.com
"""
_REGISTRY_NAMES = frozenset(_REGISTRIES.split())
_FREE = frozenset(_PROVIDERS.split())
_FREE_NAMES = frozenset(
    {"yahoo", "hotmail", "outlook", "live", "gmail", "gmx", "ymail", "msn", "aol", "icloud"}
)


class EmailError(ValueError):
    """A text that cannot be an e-mail address; its message is a sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Email:
    """An address to show (`ana@münchen.example`), its key for comparison and what names were around it."""

    original: str
    address: str
    key: str
    domain: str
    display_name: str = ""


@lru_cache(maxsize=2048)
def parse(text: str) -> Email:
    """Return the address in `text`, which may be pasted as `Ana <ana@acme.pt>` or as a mailto link.

    Syntax only, no DNS. Quoted local parts and international addresses are fine; addresses of the local
    network (`ana@crm.local`) too; bracketed IP addresses and names without a dot are not. Raises EmailError.
    """
    name, bare = _unwrapped(text)
    if (plain := _PLAIN.fullmatch(bare)) and len(bare) <= LONGEST and (host := _plain_host(plain[2])):
        address = f"{plain[1]}@{host}"
        return Email(text.strip(), address, address, host, name)
    try:
        checked = _checked(bare)
    except EmailNotValidError as error:
        raise EmailError(_sentence(bare)) from error
    if not _has_top_level(checked.ascii_domain):
        raise EmailError(_sentence(bare))
    key = f"{unicodedata.normalize('NFKC', checked.local_part).casefold()}@{checked.ascii_domain.lower()}"
    return Email(text.strip(), checked.normalized, key, checked.domain, name)


@lru_cache(maxsize=8192)
def _plain_host(host: str) -> str:
    """Return a domain of ASCII letters as it is to be shown, or "" when it takes a closer look; many share one."""
    try:
        checked = _checked(f"a@{host}")
    except EmailNotValidError:
        return ""
    same = checked.domain == checked.ascii_domain.lower() and _has_top_level(checked.ascii_domain)
    return checked.domain if same else ""


@remembered(2048)
def normalise(text: str) -> str:
    """Return the key under which equal addresses meet: lower case, domain in IDNA; "" if it is no address."""
    try:
        return parse(text).key
    except EmailError:
        return ""


def domain(address: str) -> str:
    """Return the part after the last @ in lower case, or ""."""
    return address.rpartition("@")[2].strip(" <>.").lower() if "@" in address else ""


def is_free(address_or_domain: str) -> bool:
    """Tell whether a mail provider for everyone runs the domain, so that it says nothing about a company."""
    name = domain(address_or_domain) or address_or_domain.lower().strip()
    labels = name.split(".")
    return name in _FREE or (len(labels) <= 3 and labels[0] in _FREE_NAMES)


def company_domain(address: str) -> str:
    """Return the domain a company can be known by (`acme.co.uk` of `mail.acme.co.uk`), or "" if none."""
    name = domain(address)
    labels = name.split(".")
    if not name or len(labels) < 2 or is_free(name):
        return ""
    deep = len(labels) > 2 and labels[-2] in _REGISTRY_NAMES
    own = ".".join(labels[-3:] if deep else labels[-2:])
    return "" if is_free(own) else own


def company_guess(address: str) -> str:
    """Return a name for the company behind an address, `Blue Harbour` of `ana@blue-harbour.pt`, or ""."""
    label = company_domain(address).partition(".")[0]
    words = [word for word in re.split(r"[-_]+", label) if word]
    return " ".join(word.upper() if len(word) <= 3 else word.capitalize() for word in words)


def _unwrapped(text: str) -> tuple[str, str]:
    """Split a pasted address into the name around it and the bare address."""
    clean = text.translate(_INVISIBLE).strip()
    name = ""
    if match := _ANGLED.search(clean):
        name, clean = clean[: match.start()].strip().strip("\"'").strip(), match[1]
    if clean.lower().startswith("mailto:"):
        clean = clean[7:].partition("?")[0]
    return name, clean.strip().strip(",;").rstrip(".").strip()


def _checked(bare: str) -> ValidatedEmail:
    return validate_email(
        bare,
        allow_smtputf8=True,
        allow_quoted_local=True,
        allow_domain_literal=False,
        check_deliverability=False,
        globally_deliverable=False,
        strict=True,
    )


def _has_top_level(ascii_domain: str) -> bool:
    head, _dot, last = ascii_domain.rpartition(".")
    return bool(head) and not last.isdecimal()


def _sentence(text: str) -> str:
    """Say what is wrong with `text` and what to write instead."""
    shown = text if len(text) <= 80 else text[:79] + "…"
    local, at, host = text.rpartition("@")
    if not text:
        return _("The e-mail address is empty. Write it like ana@example.com.")
    if not at:
        return _("“%(written)s” has no @. Write the address like ana@example.com.", written=shown)
    if not local:
        return _(
            "“%(written)s” has nothing before the @. Write the address like ana@example.com.", written=shown
        )
    if not host:
        return _(
            "“%(written)s” has nothing after the @. Write the address like ana@example.com.", written=shown
        )
    if re.search(r"\s", text):
        return _("“%(written)s” has a blank in it. Write one address, without blanks.", written=shown)
    if "@" in local and not local.startswith('"'):
        return _("“%(written)s” has more than one @. Write one address per line.", written=shown)
    if ".." in text or local.startswith(".") or local.endswith(".") or host.startswith("."):
        return _("“%(written)s” has a dot in the wrong place. Check the dots.", written=shown)
    if len(local) > 64 or len(text) > 254:
        return _("“%(written)s” is too long for an e-mail address. Check where it ends.", written=shown)
    if "." not in host:
        return _(
            "“%(written)s” ends too early. Write the whole address, like ana@example.com.", written=shown
        )
    return _(
        "“%(written)s” cannot be an e-mail address. Check it for a slip; it looks like ana@example.com.",
        written=shown,
    )
