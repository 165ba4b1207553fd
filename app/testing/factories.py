"""Records for tests, made through the services as a person would: `make.contact(given_name="Ana")`."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from app.kernel.context import Context
from app.models import Team, User
from app.services import records, roles, settings
from app.services.context import HouseContext, acting, as_system, for_user


class Make:
    """Makes users, teams and records; what is not given is filled in with something harmless."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(
        self, entity: str, *, owner: User | None = None, team: str | None = None, **values: Any
    ) -> Any:
        """Make a record of any entity by its field names."""
        ctx = self._as(owner)
        with acting(ctx):
            made = records.create(ctx, entity, values)
            return self._moved(ctx, made, owner, team)

    def contact(self, **values: Any) -> Any:
        """Make a contact; `phone=` and `email=` are short for the lists."""
        if not {"given_name", "family_name", "name"} & set(values):
            values |= {"given_name": "Ana", "family_name": f"Lima{next(self._numbers)}"}
        for short, field in (("phone", "phones"), ("email", "emails")):
            if short in values:
                values[field] = [{"value": values.pop(short), "kind": "", "preferred": True}]
        return self("contact", **values)

    def company(self, **values: Any) -> Any:
        """Make a company."""
        return self("company", **({"name": f"Acme {next(self._numbers)}"} | values))

    def team(self, name: str, parent: str | None = None) -> Team:
        """Return the team of a name, made if there is none."""
        ctx = self._as(None)
        with ctx.unit():
            found = ctx.session.execute(select(Team).where(Team.name == name)).scalar_one_or_none()
            if found is None:
                found = Team(name=name, parent_id=self.team(parent).id if parent else None)
                ctx.session.add(found)
                ctx.session.flush()
        return found

    def user(self, role: str = "representative", *, team: str | None = None, **values: Any) -> User:
        """Make a user with one role; the password is not set (see `as_role` for a client that is logged in)."""
        number = next(self._numbers)
        team_id = self.team(team).id if team else None
        ctx = self._as(None)
        with ctx.unit():
            values = {"name": f"User {number}", "email": f"user{number}@example.org"} | values
            made = User(team_id=team_id, **values)
            ctx.session.add(made)
            ctx.session.flush()
            roles.give(ctx, made.id, [ROLES.get(role, role)])
            settings.bump(ctx, "permissions")
        return made

    def ctx(self, user: User | None = None, *, source: str = "web") -> HouseContext:
        """Return a context that acts as a user, or as the system."""
        return for_user(user.id, source=source) if user is not None else as_system("test", source=source)

    def _as(self, owner: User | None) -> HouseContext:
        return self.ctx(owner) if owner is not None and owner.active else self.ctx()

    def _moved(self, ctx: Context, made: Any, owner: User | None, team: str | None) -> Any:
        team_id = self.team(team).id if team else None
        if team_id is None:
            return made
        system = self.ctx()
        with acting(system), system.unit():
            found = system.session.get(type(made), made.id)
            assert found is not None
            found.team_id = team_id
            found.owner_id = owner.id if owner else None
        return found


ROLES = {"rep": "representative", "admin": "administrator", "readonly": "read_only"}
"""Short names of the built-in roles."""


def frozen(moment: datetime) -> Any:
    """Return a clock that stands still, to put in the place of `services.context.clock`."""
    return lambda: moment
