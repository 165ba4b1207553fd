"""What administrators set up, for the pages that show it: a kind of record, an app, messages of another program."""

from __future__ import annotations

from typing import Any

from app.services import oauth_clients, own_types, records, webhooks_inboxes
from app.services.context import acting, for_user


def set_up() -> dict[str, Any]:
    """Define a kind of record, let an app and messages of another program in."""
    ctx = for_user(1)
    with acting(ctx):
        known = [row for row in own_types.listed(ctx) if row.label == "Boat"]
        boats = known[0] if known else own_types.add(ctx, own_types.Values(label="Boat", plural="Boats"))
        app, _secret = oauth_clients.register(
            ctx,
            oauth_clients.Wanted(
                name="Planner", redirect_uris="https://planner.example/back", scopes=["read"]
            ),
        )
        inbox, _secret = webhooks_inboxes.create(
            ctx,
            webhooks_inboxes.Wanted(name="Shop", entity="contact", mapping="first = given_name", user_id=1),
        )
        made = {
            "type_id": boats.id,
            "own_entity": boats.name,
            "app_id": app.id,
            "client_id": app.client_id,
            "inbox_id": inbox.id,
        }
    ctx = for_user(1)  # who sees the new kind
    with acting(ctx):
        return {**made, "boat": records.create(ctx, boats.name, {"name": "Aurora"}).id}
