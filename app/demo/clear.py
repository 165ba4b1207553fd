"""Takes the demonstration out again and leaves what people made themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from app.demo import words
from app.kernel.context import Context
from app.models import Setting, Tag, TagLink, Team, User, WorkCalendar
from app.services import records
from app.services.settings import bump

BATCH = 200
SOURCE = "demo"


def clear(ctx: Context) -> dict[str, int]:
    """Remove for good every record that the demonstration made, then its users, teams and settings.

    Returns how many records of each entity went. `ctx` is a system context.
    """
    gone = {entity.key: _records(ctx, entity.key) for entity in ctx.schema.entities()}
    with ctx.unit():
        emails = [email for _name, email, _role, _team in words.USERS]
        for user in ctx.session.execute(select(User).where(User.email.in_(emails))).scalars():
            ctx.session.delete(user)
        ctx.session.flush()
        taken = select(User.team_id).where(User.team_id.is_not(None))
        names = {team for *_rest, team in words.USERS}
        ctx.session.execute(delete(Team).where(Team.name.in_(names), Team.id.not_in(taken)))
        ctx.session.execute(
            delete(Tag).where(Tag.name.in_(words.TAGS), Tag.id.not_in(select(TagLink.tag_id)))
        )
        ctx.session.execute(delete(Setting).where(Setting.owner == "core", Setting.user_id == 0))
        ctx.session.execute(delete(WorkCalendar).where(WorkCalendar.scope == "company"))
        bump(ctx, "settings")
        bump(ctx, "permissions")
    return {entity: count for entity, count in gone.items() if count}


def _records(ctx: Context, entity: str) -> int:
    model = ctx.schema.entity(entity).model
    count = 0
    while ids := _some(ctx, model):
        count += records.purge(ctx, entity, ids)
    return count


def _some(ctx: Context, model: type) -> Sequence[int]:
    query = select(model.id).where(model.source == SOURCE).limit(BATCH)  # type: ignore[attr-defined]
    return ctx.session.execute(query, execution_options={"with_trash": True}).scalars().all()
