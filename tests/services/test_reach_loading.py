from __future__ import annotations

from typing import Any

from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import fields
from app.services.reach_loading import Loader, several
from app.testing.factories import Make

REACH = {
    "emails": [{"value": "b@example.org", "kind": "home"}, {"value": "a@example.org", "preferred": True}],
    "phones": [{"value": "+36 30 123 4567", "kind": "mobile"}],
    "addresses": [{"street_address": "Fő utca 1", "locality": "Budapest", "country_code": "HU"}],
    "links": [{"value": "https://example.org", "service": "website"}],
}


def test_kinds_read_together_are_what_each_reads_alone(make: Make) -> None:
    ctx = make.ctx()
    ids = [make.contact(**REACH).id, make.contact().id, make.contact(phones=REACH["phones"] * 2).id]
    kinds = [Loader(m, "contact_id") for m in (PostalAddress, EmailAddress, WebLink, PhoneNumber)]
    assert [dict(found) for found in several(ctx, kinds, ids)] == [dict(load(ctx, ids)) for load in kinds]
    assert [e["value"] for e in several(ctx, kinds, ids)[1][ids[0]]] == ["a@example.org", "b@example.org"]


def test_all_ways_to_reach_somebody_are_one_statement(make: Make, query_budget: Any) -> None:
    ctx, contact = make.ctx(), make.contact(**REACH)
    entity = ctx.schema.entity("contact")
    wanted = [ctx.schema.field("contact", name) for name in REACH]
    assert contact.id
    with query_budget(1):
        found = fields.load(ctx, entity, wanted, [contact])
    assert [len(found[name][contact.id]) for name in REACH] == [2, 1, 1, 1]
