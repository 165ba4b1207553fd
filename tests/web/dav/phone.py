"""An address-book program of somebody: speaks CardDAV, knows nothing of Kith."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import User
from app.services import dav_passwords
from app.services.context import acting, for_user

D = "{DAV:}"
C = "{urn:ietf:params:xml:ns:carddav}"
S = "{http://calendarserver.org/ns/}"
SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:s="http://calendarserver.org/ns/"'
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{family};{given};;;\r\n{more}END:VCARD\r\n"


def card(name: str, uid: str = "u-1", *lines: str) -> str:
    """Return a card of vCard 3.0."""
    given, _blank, family = name.rpartition(" ")
    more = "".join(f"{line}\r\n" for line in lines)
    return CARD.format(uid=uid, name=name, given=given, family=family, more=more)


@dataclass
class Told:
    """What an answer says: href → properties (tag → element), href → status, the token."""

    code: int
    found: dict[str, dict[str, Element]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    token: str = ""
    root: Element | None = None

    def text(self, href: str, tag: str) -> str:
        """The text of a property."""
        return self.found[href][tag].text or ""

    def href(self, href: str, tag: str) -> str:
        """The address within a property."""
        return self.found[href][tag].findtext(f"{D}href") or ""


class Phone:
    """Somebody's program with an app password."""

    def __init__(self, app: Flask, user: User, *, write: bool = True) -> None:
        self.app, self.user = app, user
        self.client = app.test_client()
        ctx = for_user(user.id)
        with acting(ctx):
            self.password = dav_passwords.made(ctx, "Phone", write=write)[1]
        self.book = f"/dav/addressbooks/{user.uid}/contacts/"
        db.session.remove()

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> TestResponse:
        """Send a request; `If_Match="…"` is a header."""
        sent = {"Authorization": basic(self.user.email, self.password)}
        sent |= {k.replace("_", "-"): v for k, v in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        found = self.client.open(path, method=method, data=data, headers=sent)
        found.get_data()
        found.close()
        return found

    def told(self, method: str, path: str, body: str = "", **headers: str) -> Told:
        """Send a request and read the answer about many addresses."""
        answer = self.ask(method, path, body, **headers)
        return read(answer)

    def find(self, path: str, *tags: str, depth: str = "0") -> Told:
        """Ask for properties, written like `d:getetag`."""
        asked = "".join(f"<{tag}/>" for tag in tags)
        body = f"<d:propfind {SPACES}><d:prop>{asked}</d:prop></d:propfind>"
        return self.told("PROPFIND", path, body, Depth=depth)

    def report(self, name: str, inner: str, *, props: str = "<d:getetag/>") -> Told:
        """Ask for a report on the book."""
        body = f"<{name} {SPACES}><d:prop>{props}</d:prop>{inner}</{name}>"
        return self.told("REPORT", self.book, body, Depth="1")

    def sync(self, token: str = "", limit: int = 0) -> Told:
        """Ask for what changed since a token."""
        inner = f"<d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>"
        inner += f"<d:limit><d:nresults>{limit}</d:nresults></d:limit>" if limit else ""
        return self.report("d:sync-collection", inner)

    def multiget(self, *hrefs: str, data: str = "<c:address-data/>") -> Told:
        """Ask for cards."""
        inner = "".join(f"<d:href>{href}</d:href>" for href in hrefs)
        return self.report("c:addressbook-multiget", inner, props=f"<d:getetag/>{data}")

    def names(self) -> set[str]:
        """The cards that are in the book now."""
        found = self.find(self.book, "d:getetag", depth="1").found
        return {href for href, props in found.items() if f"{D}getetag" in props}

    def put(self, name: str, text: str | bytes, **headers: str) -> TestResponse:
        """Send a card."""
        return self.ask("PUT", self.book + name, text, Content_Type="text/vcard; charset=utf-8", **headers)

    def get(self, name: str, **headers: str) -> TestResponse:
        """Fetch a card."""
        return self.ask("GET", self.book + name, **headers)


def basic(email: str, password: str) -> str:
    """The header of HTTP Basic."""
    return "Basic " + b64encode(f"{email}:{password}".encode()).decode()


def read(answer: TestResponse) -> Told:
    """Read a multi-status."""
    told = Told(answer.status_code)
    if answer.status_code != 207:
        told.root = fromstring(answer.data) if answer.mimetype == "application/xml" else None
        return told
    root: Any = fromstring(answer.data)
    told.root, told.token = root, root.findtext(f"{D}sync-token") or ""
    for one in root.findall(f"{D}response"):
        href = one.findtext(f"{D}href") or ""
        if (line := one.findtext(f"{D}status")) is not None:
            told.status[href] = line.split()[1]
            continue
        told.found[href] = {}
        for stat in one.findall(f"{D}propstat"):
            code = (stat.findtext(f"{D}status") or "").split()[1]
            props = {prop.tag: prop for prop in stat.find(f"{D}prop")}
            if code == "200":
                told.found[href] |= props
            else:
                told.missing.setdefault(href, set()).update(props)
    return told
