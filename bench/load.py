"""Fills a database with invented people and talk, straight into the tables: as much as a long-used house has."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import Connection, func, insert, select, text

from app.demo.words import PEOPLE, TALK
from app.extensions import db
from app.formats.fold import doc, name_key
from app.models import (
    Affiliation,
    Company,
    Contact,
    EmailAddress,
    Interaction,
    InteractionLink,
    PhoneNumber,
    Record,
    Tag,
    TagLink,
    new_uid,
)
from app.services import search_index
from app.services.context import as_system

CHUNK = 5000
TOUCHED = """
UPDATE contact SET last_interaction_at = coalesce(
  (SELECT max(occurred_at) FROM interaction_link WHERE entity = 'contact' AND record_id = contact.id),
  last_interaction_at)
"""
BUSY = 5000
"""Interactions of the busiest contact, number 1."""


def fill(
    app: Flask, contacts: int, interactions: int, owners: list[tuple[int, int]], *, searched: bool = True
) -> None:
    """Insert companies, contacts with addresses and tags, and interactions; `owners` are (user id, team id).

    Without `searched` no words are made for the search, which takes longer than all the rest.
    """
    chance = random.Random(7)
    now = datetime.now(UTC)
    base = lambda n: _base(n, owners, now, chance)  # noqa: E731
    firms = max(1, contacts // 5)
    _insert(Company, ({**base(n), "name": f"Firm {n:06}", "name_key": f"firm {n:06}"} for n in range(firms)))
    _insert(Contact, ({**base(n), **_person(n, chance)} for n in range(contacts)))
    _insert(Tag, ({"name": f"Tag {n}", "key": f"tag {n}"} for n in range(20)))
    ids = range(1, contacts + 1)
    _insert(TagLink, ({"tag_id": 1 + i % 20, "entity": "contact", "record_id": i} for i in ids))
    _insert(EmailAddress, (_email(i) for i in ids))
    _insert(PhoneNumber, (_phone(i) for i in ids))
    _insert(Affiliation, (_place(i, firms) for i in ids))
    _insert(Interaction, ({**base(n), **_talk(n, interactions, now, chance)} for n in range(interactions)))
    rows = db.session.execute(
        select(Interaction.id, Interaction.kind, Interaction.occurred_at),
        execution_options={"unscoped": "bench", "yield_per": CHUNK},
    )
    links = [
        {
            "interaction_id": row.id,
            "entity": "contact",
            "record_id": 1 if row.id <= BUSY else 1 + row.id * 7919 % contacts,
            "role": "participant",
            "kind": row.kind,
            "occurred_at": row.occurred_at,
        }
        for row in rows
    ]
    _insert(InteractionLink, iter(links))
    with db.engine.begin() as connection:
        patient(connection)
        connection.execute(text(TOUCHED))
    for entity in ("company", "contact") if searched else ():
        search_index.reindex(as_system("bench"), entity)
    analyse()


def counts(model: type[Record]) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count(model.id)), execution_options={"unscoped": "bench"}) or 0


def _insert(model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    db.session.rollback()
    while chunk := list(islice(rows, CHUNK)):
        with db.engine.begin() as connection:
            connection.execute(insert(model), chunk)


def _base(n: int, owners: list[tuple[int, int]], now: datetime, chance: random.Random) -> dict[str, Any]:
    owner, team = owners[n % len(owners)]
    at = now - timedelta(minutes=chance.randrange(1, 1_000_000))
    return {
        "uid": new_uid(),
        "created_at": at,
        "updated_at": at,
        "created_by": owner,
        "updated_by": owner,
        "owner_id": owner,
        "team_id": team,
        "source": "bench",
        "version": 1,
    }


def _person(n: int, chance: random.Random) -> dict[str, Any]:
    given, family = (chance.choice(names) for names in PEOPLE[chance.choice(list(PEOPLE))])
    family = f"{family}{_letters(n)}"
    return {
        "given_name": given,
        "family_name": family,
        "formatted_name": f"{given} {family}",
        "name_key": name_key(given, family, ""),
        "lifecycle_stage": chance.choice(("lead", "customer", "qualified")),
    }


def _letters(n: int) -> str:
    return "".join("abcdefghij"[int(d)] for d in str(n % 1000))


def _email(i: int) -> dict[str, Any]:
    value = f"person{i}@firm{i % 5000}.example"
    return {"contact_id": i, "value": value, "key": value, "kind": "work", "preferred": True, "position": 0}


def _phone(i: int) -> dict[str, Any]:
    value = f"+35191{i:07}"
    return {
        "contact_id": i,
        "value": value,
        "key": value,
        "digits": value[1:],
        "region": "PT",
        "kind": "cell",
        "preferred": True,
        "position": 0,
    }


def _place(i: int, firms: int) -> dict[str, Any]:
    return {"contact_id": i, "company_id": 1 + i % firms, "title": "Operations", "is_primary": True}


def _talk(n: int, total: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(list(TALK))
    body = chance.choice(TALK[kind]).format(roof="roof")
    return {
        "kind": kind,
        "body": body,
        "occurred_at": now - timedelta(minutes=(total - n) * 3),
        "zone": "UTC",
        "visibility": "all",
        "text_key": doc(body),
    }


def patient(connection: Connection) -> None:
    """Let the statements of a connection take as long as a whole table needs."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET statement_timeout = 0")


def analyse() -> None:
    """Leave the tables as a running house has them: counted, and on PostgreSQL vacuumed, which it does by itself."""
    vacuumed = db.engine.dialect.name == "postgresql"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        patient(connection)
        connection.exec_driver_sql("VACUUM ANALYZE" if vacuumed else "ANALYZE")
