"""CardDAV by a tool of others: `python -m tests.dav_contract --tools VENV/bin [--contacts 5000]`.

vdirsyncer keeps a folder of cards and the address book of somebody the same: half of the contacts begin here, half there,
then some are changed, deleted and made on both sides. At the end nothing may be lost, on neither side. It lives in an
environment of its own (`pip install vdirsyncer`), since the suite does not need it. KITH_TEST_DATABASE chooses the database.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from flask import Flask

from app.extensions import db
from app.formats.card import Card
from app.formats.vcard_read import read_vcards
from app.models import Contact, User
from app.services import dav_passwords, records
from app.services.context import acting, for_user
from app.testing import plugins
from app.testing.factories import Make
from app.web.dav import guarded
from tests.api_contract import served

CONFIG = """[general]
status_path = "{folder}/status"

[pair both]
a = "here"
b = "kith"
collections = ["from b"]

[storage here]
type = "filesystem"
path = "{folder}/cards"
fileext = ".vcf"

[storage kith]
type = "carddav"
url = "{address}"
username = "{email}"
password = "{password}"
"""
CARD = """BEGIN:VCARD
VERSION:3.0
UID:here-{n}
FN:Ana {n} Lima
N:Lima;Ana {n};;;
EMAIL;TYPE=WORK,pref:ana{n}@acme.example
EMAIL;TYPE=HOME:ana{n}@example.org
TEL;TYPE=CELL:+351 912 {n:06d}
ORG:Company {company};Sales
TITLE:Buyer
ADR;TYPE=HOME:;;Rua Nova {n};Lisboa;;1100-001;Portugal
BDAY:1980-04-12
NOTE:Likes tea\\, no sugar ({n})
CATEGORIES:VIP
X-COFFEE;X-KIND=dark:espresso {n}
X-SHOE-SIZE:{n}
END:VCARD
"""


class Lost(Exception):
    """Something is not what it should be."""


def main() -> int:
    """Run everything, print the times; 1 when something was lost."""
    words = argparse.ArgumentParser(prog="python -m tests.dav_contract", description=__doc__)
    words.add_argument("--tools", type=Path, required=True, help="the bin folder of vdirsyncer's environment")
    words.add_argument("--contacts", type=int, default=5000)
    chosen = words.parse_args()
    guarded.LIMIT = 10**9
    with tempfile.TemporaryDirectory() as name, plugins.app_with(Path(name)) as app, served(app) as address:
        walk = Walk(app, Path(name) / "sync", chosen.tools, chosen.contacts)
        try:
            walk.prepare(address)
            walk.run()
        except Lost as error:
            print(f"LOST: {error}")
            return 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"nothing was lost; {peak} MB at most")
    return 0


class Walk:
    """The folder, the book, and what each has to hold."""

    def __init__(self, app: Flask, folder: Path, tools: Path, count: int) -> None:
        self.app, self.folder, self.tools, self.count = app, folder, tools, count
        self.cards = folder / "cards" / "contacts"
        self.user_id = 0

    def prepare(self, address: str) -> None:
        """Put half of the contacts into the folder, half into Kith."""
        self.cards.mkdir(parents=True)
        half = self.count // 2
        for n in range(half):
            self.write(n)
        with self.app.app_context():
            user = Make().user("admin")
            self.user_id = user.id
            password = self.fill(user, self.count - half)
            config = CONFIG.format(
                folder=self.folder, address=f"{address}/dav/", email=user.email, password=password
            )
            db.session.remove()
        (self.folder / "config").write_text(config, "utf-8")

    def fill(self, user: User, count: int) -> str:
        """Make contacts in Kith; return an app password."""
        ctx = for_user(user.id)
        with acting(ctx):
            rows = [
                {"given_name": f"Rui {n}", "emails": [{"value": f"rui{n}@example.org"}]} for n in range(count)
            ]
            for begin in range(0, count, 500):
                with ctx.unit():
                    records.create_many(ctx, "contact", rows[begin : begin + 500])
            return dav_passwords.made(ctx, "vdirsyncer", write=True)[1]

    def write(self, n: int, **changed: str) -> None:
        """Write a card into the folder."""
        text = CARD.format(n=n, company=n % 50)
        for old, new in changed.items():
            text = text.replace(old, new)
        (self.cards / f"here-{n}.vcf").write_text(text.replace("\n", "\r\n"), "utf-8", newline="")

    def run(self) -> None:
        """Synchronise, change both sides, synchronise again."""
        self.tool("discover")
        self.timed("first synchronisation")
        self.timed("second (cards as Kith writes them)")
        self.same(self.count)
        self.timed("third (nothing changed)")
        before = self.read()
        self.change()
        self.timed("changes on both sides")
        self.timed("after that")
        self.same(self.count)
        self.check(before)
        self.timed("nothing changed again")

    def tool(self, *words: str) -> None:
        """Run vdirsyncer."""
        run = [str(self.tools / "vdirsyncer"), "-c", str(self.folder / "config"), *words]
        done = subprocess.run(run, check=False, capture_output=True, text=True, input="y\n" * 5)
        if done.returncode:
            raise Lost(f"vdirsyncer {words}: {(done.stdout + done.stderr)[-2000:]}")

    def timed(self, what: str) -> None:
        """Synchronise and print how long it took."""
        begun = perf_counter()
        self.tool("sync")
        print(f"{what:40} {perf_counter() - begun:8.1f} s", flush=True)

    def read(self) -> dict[str, Card]:
        """UID → card of the folder."""
        found = (card for path in self.cards.glob("*.vcf") for card in _cards(path))
        return {card.uid: card for card in found}

    def change(self) -> None:
        """Change, delete and make contacts on both sides, as many here as there."""
        for n in range(20):
            self.write(n, Buyer="Seller", espresso="filter")
            (self.cards / f"here-{20 + n}.vcf").unlink()
            self.write(10**5 + n)
        with self.app.app_context():
            ctx = for_user(self.user_id)
            with acting(ctx):
                for n in range(20):
                    records.update(ctx, "contact", self.id(f"Rui {n}"), {"nickname": "Ruizinho"})
                    records.trash(ctx, "contact", [self.id(f"Rui {20 + n}")])
                    records.update(ctx, "contact", self.id(f"Ana {40 + n}"), {"nickname": "Nini"})
                    records.create(ctx, "contact", {"given_name": f"Eva {n}"})
            db.session.remove()

    def id(self, given_name: str) -> int:
        """Return the contact of a name."""
        found = db.session.query(Contact.id).filter_by(given_name=given_name).order_by(Contact.id).first()
        if found is None:
            raise Lost(given_name)
        return int(found[0])

    def same(self, count: int) -> None:
        """Raise Lost unless both sides have so many contacts, with the same names."""
        here = sorted(card.formatted_name for card in self.read().values())
        with self.app.app_context():
            with acting(for_user(self.user_id)):
                there = sorted(
                    row[0] for row in db.session.query(Contact.formatted_name).order_by(Contact.id)
                )
            db.session.remove()
        if here != there or len(here) != count:
            raise Lost(f"{len(here)} here, {len(there)} in Kith, {count} expected")

    def check(self, before: dict[str, Card]) -> None:
        """Raise Lost unless each card is what was written, wherever that was."""
        now = self.read()
        for n in range(self.count // 2):
            card = now.get(f"here-{n}")
            if 20 <= n < 40:
                _expect(card is None, f"here-{n} was deleted")
                continue
            _expect(card is not None, f"here-{n}")
            assert card is not None
            extra = {prop.name: prop.values for prop in card.extra}
            coffee = "filter" if n < 20 else "espresso"
            _expect(extra.get("x-coffee") == (f"{coffee} {n}",), f"coffee of here-{n}")
            _expect(extra.get("x-shoe-size") == (str(n),), f"shoes of here-{n}")
            _expect(card.title == ("Seller" if n < 20 else "Buyer"), f"title of here-{n}")
            _expect(card.nickname == ("Nini" if 40 <= n < 60 else ""), f"nickname of here-{n}")
            for name in ("emails", "phones", "addresses", "organization", "note", "birthday", "categories"):
                _expect(getattr(card, name) == getattr(before[card.uid], name), f"{name} of here-{n}")
            first = next(iter(read_vcards(CARD.format(n=n, company=n % 50).encode())))
            assert isinstance(first, Card)
            for name in ("emails", "phones", "addresses", "organization", "department", "note", "birthday"):
                _expect(getattr(card, name) == getattr(first, name), f"{name} of here-{n} as written")
        nicknames = sum(card.nickname == "Ruizinho" for card in now.values())
        _expect(nicknames == 20, f"{nicknames} nicknames from Kith")


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise Lost(what)


def _cards(path: Path) -> Iterator[Card]:
    yield from (one for one in read_vcards(path.read_bytes()) if isinstance(one, Card))


if __name__ == "__main__":
    sys.exit(main())
