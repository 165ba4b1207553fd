"""Run by test_wheel.py in an environment of its own: goes through the life of the plugin `visits`; prints what it saw."""

from __future__ import annotations

import json
import sys
from typing import Any

from sqlalchemy import inspect

from app import create_app
from app.host.host import Host
from app.house import house
from app.models import User
from app.services import accounts, records
from app.services.context import acting, as_system
from app.testing.clients import Person
from app.testing.plugins import disable, enable

NAME = "visits"


def main(folder: str, url: str) -> None:
    """Enable it, use it, disable it, remove it."""
    app = create_app(env="test", data_dir=folder, database_url=url, worker=False, secret_key="b" * 40)
    host: Host = house(app).host
    enable(app, NAME)
    status = host.states.status(NAME)
    seen: dict[str, Any] = {
        "origin": str(status.origin),
        "version": status.version,
        "state": status.state,
        "problem": status.problem,
        "warnings": status.warnings,
        "tables": status.tables,
        "declares": sorted(f"{type(item).__name__} {item.key}" for item in host.contributions(NAME)),
        "revision": host.migrations.current()[NAME],
        "drift": len(host.migrations.check(NAME)),
    }
    with app.app_context(), acting(ctx := as_system("walk")):
        number: Any = accounts.create_user(
            ctx, "Ana", "ana@example.com", "a long word for tests", ("administrator",), None
        )
        contact = records.create(ctx, "contact", {"given_name": "Ana"}).id
        records.create(ctx, f"{NAME}.item", {"name": "A visit", "contact_id": contact})
        person = Person(app, ctx.session.get(User, number))
    paths = (f"/{NAME}/", f"/panel/{NAME}/panel?on=contact:{contact}", f"/list/{NAME}.item", "/contacts")
    seen["on"] = {path: look(person, path) for path in paths}
    disable(app, NAME)
    seen["off"] = {path: look(person, path) for path in paths}
    with app.app_context():
        host.states.remove(as_system("walk"), NAME)
    seen["left"] = [name for name in inspect(host.engine()).get_table_names() if NAME in name]
    print(json.dumps(seen))


def look(person: Person, path: str) -> tuple[int, bool]:
    """Return how a page answers, and whether it speaks of the visit that was made."""
    answer = person.get(path)
    return answer.status_code, "A visit" in answer.text


if __name__ == "__main__":
    main(*sys.argv[1:])
