"""Addresses that a tap may open: telephone, message, mail and web links; anything a browser would run is no link."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlsplit

from app.formats import emails
from app.formats.phones import Phone

OPENED = {"http", "https", "mailto", "tel", "xmpp", "sip", "sips", "irc", "matrix", "skype", "geo"}
"""Schemes of links from people's data that become links; javascript:, data: and unknown ones stay text."""


def phone_link(phone: Phone) -> str:
    """Return the tel: link of a number (E.164 where it is known), or "" for what is none."""
    return f"tel:{phone.e164}" if phone.e164 and not phone.extension else phone.tel_uri


def sms_link(phone: Phone) -> str:
    """Return the sms: link of a number that can be dialled."""
    return f"sms:{phone.e164}" if phone.e164 else ""


def whatsapp_link(phone: Phone) -> str:
    """Return the WhatsApp link of a number that may have an account."""
    return f"https://wa.me/{phone.wa_digits}" if phone.wa_digits else ""


@lru_cache(maxsize=4096)
def email_link(address: str) -> str:
    """Return the mailto: link of an address; its characters cannot add headers."""
    return f"mailto:{quote(address, safe='@+')}" if emails.normalise(address) else ""


def web_link(value: str) -> str:
    """Return the address of a page or profile if it is safe to open, else ""."""
    if any(ord(c) < 33 for c in value):
        return ""
    try:
        scheme = urlsplit(value).scheme.lower()
    except ValueError:
        return ""
    return value if scheme in OPENED else ""
