"""Times the nightly search for duplicates: `python -m bench.dedupe --contacts 1000000` (docs/duplicates.md).

The people are invented, with names as common and as rare as names are; every fiftieth is there twice, with a slip, a
nickname, another address or a part left out.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, select

from app import create_app
from app.demo.words import PEOPLE
from app.extensions import db
from app.formats.fold import name_key
from app.formats.nicknames import LINES_OF
from app.house import house
from app.models import (
    Affiliation,
    Company,
    Contact,
    DuplicatePair,
    EmailAddress,
    PhoneNumber,
    PostalAddress,
    new_uid,
)
from app.services import dedupe_searching
from app.services.context import as_system
from bench import load

EVERY = 50
"""One in so many is there twice."""

FAMILIES = 60_000
SYLLABLES = ["ba", "ber", "bo", "da", "del", "do", "fer", "gra", "han", "ka", "kir", "la", "len", "lo", "ma", "mar", "mo", "na", "nel", "no", "pa", "per", "ra", "ri", "ro", "sa", "sen", "sto", "ta", "tor", "va", "vi", "wa", "wil", "za"]  # fmt: skip
STREETS = [
    "Wallaby",
    "Giblin",
    "Harbour",
    "Station",
    "Church",
    "Mill",
    "Garden",
    "River",
    "Castle",
    "Linden",
    "Rose",
    "Market",
]


def main() -> None:
    """Build the people if they are not there, then look through them and through what was changed since."""
    words = argparse.ArgumentParser(prog="python -m bench.dedupe", description=__doc__)
    words.add_argument("--contacts", type=int, default=100_000)
    words.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "kith-bench-dedupe")
    words.add_argument("--database", default="", help="a PostgreSQL address; SQLite in --data otherwise")
    chosen = words.parse_args()
    app = create_app(
        env="test",
        data_dir=str(chosen.data),
        database_url=chosen.database,
        worker=False,
        secret_key="b" * 40,
        log_level="warning",
    )
    with app.app_context():
        house(app).host.migrations.upgrade_all()
        if load.counts(Contact) == 0:
            fill(chosen.contacts)
        print(json.dumps([measured(chosen.contacts), measured(chosen.contacts)], indent=1))


def measured(contacts: int) -> dict[str, Any]:
    """Look through the contacts once; what was known before is not compared again."""
    ctx = as_system("bench")
    wall, cpu = perf_counter(), process_time()
    found = dedupe_searching.search(ctx, "contact", limit=4 * 3600)
    return {
        "contacts": found.records,
        "new": found.fresh,
        "compared": found.compared,
        "found": found.found,
        "seconds": round(perf_counter() - wall, 1),
        "cpu_seconds": round(process_time() - cpu, 1),
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **quality(contacts),
    }


def quality(contacts: int) -> dict[str, float]:
    """Return how many of the doubles were found, and how many of the pairs are doubles."""
    pair = DuplicatePair
    query = select(func.count()).select_from(pair).where(pair.entity == "contact")
    every = db.session.scalar(query) or 0
    right = db.session.scalar(query.where(pair.right_id - pair.left_id == contacts)) or 0
    return {"precision": round(right / max(1, every), 4), "recall": round(right / (contacts // EVERY), 4)}


def fill(contacts: int) -> None:
    """Insert people, and the doubles of some: the double of contact n has the id n + contacts."""
    started = perf_counter()
    now = datetime.now(UTC)
    load._insert(Company, ({**_base(now), **_named(f"Firm {n:06}")} for n in range(max(1, contacts // 10))))
    rows: dict[Any, list[dict[str, Any]]] = {
        m: [] for m in (Contact, EmailAddress, PhoneNumber, PostalAddress, Affiliation)
    }
    for one in _people(contacts):
        for model, row in one.items():
            rows[model].append({**_base(now), **row} if model is Contact else row)
        if len(rows[Contact]) >= load.CHUNK:
            _put(rows)
    _put(rows)
    load.analyse()
    print(f"filled in {perf_counter() - started:.0f} s", file=sys.stderr)


def _put(rows: dict[Any, list[dict[str, Any]]]) -> None:
    for model, some in rows.items():
        load._insert(model, iter(some))
        some.clear()


def _base(now: datetime) -> dict[str, Any]:
    return {"uid": new_uid(), "created_at": now, "updated_at": now, "source": "bench", "version": 1}


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "name_key": name_key("", "", name)}


def _people(contacts: int) -> Iterator[dict[Any, dict[str, Any]]]:
    chance = random.Random(11)
    families = _families(chance)
    weights = list(accumulate(1 / (n + 20) for n in range(len(families))))
    given = [name for names, _families_of in PEOPLE.values() for name in names]
    for n in range(1, contacts + 1):
        person = {
            "id": n,
            "given": chance.choice(given),
            "family": chance.choices(families, cum_weights=weights)[0],
            "street": f"{chance.randrange(1, 200)} {chance.choice(STREETS)}{chance.choice(SYLLABLES)} Street",
            "code": f"{chance.randrange(10_000, 99_999)}",
            "phone": f"+35191{n:07}",
            "mail": f"person{n}@firm{n % 5000}.example",
            "firm": 1 + n % max(1, contacts // 10),
            "born": f"{chance.randrange(1940, 2005)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        }
        yield _rows(person)
        if n % EVERY == 0:
            yield _rows(_double(person, n + contacts, chance))


def _families(chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < FAMILIES:
        found["".join(chance.choice(SYLLABLES) for _ in range(chance.randrange(2, 5))).title()] = None
    return list(found)


def _double(person: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    """Write somebody down once more, as people do: something misspelt, something else, something left out."""
    double = {**person, "id": number}
    for part in chance.sample(("family", "given", "street", "phone", "mail", "born", "firm"), 4):
        if part in ("phone", "mail", "born", "firm"):
            double[part] = ""
        elif part == "given":
            double[part] = _called(person[part], chance)
        else:
            double[part] = _slip(person[part], chance)
    return double


def _called(name: str, chance: random.Random) -> str:
    lines = LINES_OF.get(name.lower(), frozenset())
    others = sorted(other for other, theirs in LINES_OF.items() if lines & theirs)
    return chance.choice(others).title() if others else name[0]


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    return chance.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))


def _rows(person: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    given, family, whose = person["given"], person["family"], {"contact_id": person["id"]}
    rows: dict[Any, dict[str, Any]] = {
        Contact: {
            "id": person["id"],
            "given_name": given,
            "family_name": family,
            "formatted_name": f"{given} {family}",
            "name_key": name_key(given, family, ""),
            "birthday": person["born"],
        },
        PostalAddress: {**whose, "street_address": person["street"], "postal_code": person["code"]},
    }
    if person["mail"]:
        rows[EmailAddress] = {**whose, "value": person["mail"], "key": person["mail"]}
    if person["phone"]:
        rows[PhoneNumber] = {**whose, "value": person["phone"], "key": person["phone"]}
    if person["firm"]:
        rows[Affiliation] = {**whose, "company_id": person["firm"], "is_primary": True}
    return rows


if __name__ == "__main__":
    main()
