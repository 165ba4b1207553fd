"""Statements about some ids read the same however many they are, and look each id up."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models import EmailAddress
from app.services import access, contact_values, custom_fields_values
from app.services.id_lists import among
from app.services.reach_loading import Loader
from app.testing.factories import Make

STATEMENTS = {
    "ix_email_address_contact_id": Loader(EmailAddress, "contact_id")._query,
    "ix_affiliation_contact": contact_values._PLACES,
    "PRIMARY KEY (record_id=? AND field_id=?)": custom_fields_values._READ,
}


def test_only_the_ids_of_the_list_are_found(make: Make) -> None:
    ctx = make.ctx()
    made = [make.contact(email=f"a{n}@example.org").id for n in range(3)]
    query = select(EmailAddress.contact_id).where(among(EmailAddress.contact_id)).order_by(EmailAddress.id)
    assert access.rows(ctx, query, {"ids": [made[0], made[2]]}).scalars().all() == [made[0], made[2]]
    assert access.rows(ctx, query, {"ids": []}).scalars().all() == []


@pytest.mark.parametrize("index", STATEMENTS)
def test_the_ids_are_looked_up_in_an_index(make: Make, index: str) -> None:
    ctx = make.ctx()
    if ctx.session.get_bind().dialect.name != "sqlite":
        pytest.skip("a small table is always read whole on PostgreSQL")
    sent = str(STATEMENTS[index].compile(dialect=ctx.session.get_bind().dialect))
    values = tuple("[1, 2]" if "json_each" in part else "" for part in sent.split("?")[:-1])
    connection = ctx.session.connection()
    plan = " ".join(r[3] for r in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent}", values))
    assert f"USING INDEX {index}" in plan or f"USING {index}" in plan, plan
