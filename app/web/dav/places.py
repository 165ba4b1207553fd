"""The addresses of CardDAV and what can be asked of each: root, principal, home of books, book, card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import User
from app.services import dav_books
from app.services.dav_books import Book
from app.services.dav_listing import Row
from app.web.dav import xml
from app.web.dav.signing import ROOT
from app.web.dav.xml import CARD, CS, DAV, element, href, text

BOOK = "contacts"
LARGEST = 10 * 1024 * 1024
"""Bytes of a card, with its photo."""

SYNC = "urn:kith:dav:"
"""What sync tokens begin with; the number of the book and that of a change follow."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose address book it is."""

    uid: str
    name: str
    email: str
    writes: bool

    @property
    def principal(self) -> str:
        """The address of the principal."""
        return f"{ROOT}/principals/{self.uid}/"

    @property
    def home(self) -> str:
        """The address below which the books are."""
        return f"{ROOT}/addressbooks/{self.uid}/"

    @property
    def book(self) -> str:
        """The address of the book."""
        return f"{self.home}{BOOK}/"

    def card(self, name: str) -> str:
        """Return the address of a card."""
        return self.book + quote(name, safe="-._~@")

    def name_of(self, address: str) -> str | None:
        """Return the name of a card out of its address, None for the address of anything else."""
        try:
            path = unquote(urlsplit(address.strip()).path)
        except ValueError:
            return None
        name = path.removeprefix(self.book)
        return name if name and name != path and "/" not in name and len(name) <= 255 else None


def owner(ctx: Context, uid: str = "") -> Owner:
    """Return who asks. Raises NotVisible where the address names somebody else."""
    user = ctx.session.get_one(User, ctx.user.id)
    if uid not in ("", user.uid):
        raise NotVisible(_("There is no such address book."))
    return Owner(uid=user.uid, name=user.name, email=user.email, writes=ctx.may("contact.edit"))


def token_of(book: Book, seq: int) -> str:
    """Return the sync token of a number."""
    return f"{SYNC}{book.id}:{seq}"


def seq_of(book: Book, token: str) -> int | None:
    """Return the number of a sync token, 0 for none; None for one that is not of this book or too old."""
    if not token:
        return 0
    known, _colon, number = token.removeprefix(SYNC).partition(":")
    if known != str(book.id) or not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None
    return int(number) if book.floor <= int(number) <= book.seq else None


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address with the properties that it has: tag → what makes their content."""

    address: str
    properties: Mapping[str, Callable[[], str]]

    def told(self, tags: tuple[str, ...] | None, *, names: bool = False) -> str:
        """Return the answer about some properties, or about all."""
        if tags is None:
            return xml.response(
                self.address, [(t, "" if names else make()) for t, make in self.properties.items()]
            )
        found = [(t, self.properties[t]()) for t in tags if t in self.properties]
        return xml.response(self.address, found, [t for t in tags if t not in self.properties])


def _common(whose: Owner, kinds: str, name: str) -> dict[str, Callable[[], str]]:
    return {
        f"{DAV}resourcetype": lambda: kinds,
        f"{DAV}displayname": lambda: text(name),
        f"{DAV}current-user-principal": lambda: href(whose.principal),
        f"{DAV}principal-collection-set": lambda: href(f"{ROOT}/principals/"),
        f"{DAV}owner": lambda: href(whose.principal),
        f"{DAV}current-user-privilege-set": lambda: _privileges(whose),
    }


def _privileges(whose: Owner) -> str:
    words = ["read", "read-current-user-privilege-set"]
    words += ["write", "write-content", "bind", "unbind"] if whose.writes else []
    return "".join(element(f"{DAV}privilege", element(DAV + word)) for word in words)


COLLECTION = element(f"{DAV}collection")


def root(whose: Owner) -> Place:
    """Return the address with which discovery begins."""
    return Place(address=f"{ROOT}/", properties=_common(whose, COLLECTION, "Kith"))


def principal(whose: Owner) -> Place:
    """Return the address that stands for who asks (RFC 3744)."""
    kinds = COLLECTION + element(f"{DAV}principal")
    more: dict[str, Callable[[], str]] = {
        f"{DAV}principal-URL": lambda: href(whose.principal),
        f"{DAV}alternate-URI-set": lambda: href(f"mailto:{whose.email}"),
        f"{CARD}addressbook-home-set": lambda: href(whose.home),
        f"{CS}email-address-set": lambda: element(f"{CS}email-address", text(whose.email)),
    }
    return Place(address=whose.principal, properties={**_common(whose, kinds, whose.name), **more})


def home(whose: Owner) -> Place:
    """Return the address below which the book is."""
    more = {f"{CARD}addressbook-home-set": lambda: href(whose.home)}
    return Place(address=whose.home, properties={**_common(whose, COLLECTION, whose.name), **more})


REPORTS = (f"{CARD}addressbook-multiget", f"{CARD}addressbook-query", f"{DAV}sync-collection")
COLLATIONS = ("i;unicode-casemap", "i;ascii-casemap")


def book(ctx: Context, whose: Owner) -> Place:
    """Return the address book; what follows from its state is found out once, when it is asked for."""
    state: list[Book] = []

    def token() -> str:
        if not state:
            state.append(dav_books.current(ctx))
        return text(token_of(state[0], state[0].seq))

    kinds = COLLECTION + element(f"{CARD}addressbook")
    types = ("3.0", "4.0")
    more: dict[str, Callable[[], str]] = {
        f"{CARD}addressbook-description": lambda: text(_("The contacts in Kith that you may see")),
        f"{CARD}supported-address-data": lambda: "".join(
            element(f"{CARD}address-data-type", content_type="text/vcard", version=v) for v in types
        ),
        f"{CARD}max-resource-size": lambda: str(LARGEST),
        f"{CARD}supported-collation-set": lambda: "".join(
            element(f"{CARD}supported-collation", text(name)) for name in COLLATIONS
        ),
        f"{DAV}supported-report-set": lambda: "".join(
            element(f"{DAV}supported-report", element(f"{DAV}report", element(tag))) for tag in REPORTS
        ),
        f"{DAV}sync-token": token,
        f"{CS}getctag": token,
    }
    return Place(address=whose.book, properties={**_common(whose, kinds, _("Kith contacts")), **more})


def card(whose: Owner, row: Row) -> Place:
    """Return a card without its text."""
    more: dict[str, Callable[[], str]] = {
        f"{DAV}getetag": lambda: text(row.etag),
        f"{DAV}getcontenttype": lambda: "text/vcard; charset=utf-8",
    }
    common = _common(whose, "", row.name)
    return Place(address=whose.card(row.name), properties={**common, **more})
