"""Views of lists: declared ones and those that people save, for themselves, their team or everybody.

Which views somebody has is kept per process until a setting changes, so that no list costs a statement for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import and_, or_, select

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import View
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import SavedView, Setting, Team
from app.services import access, settings
from app.services.listing_state import State
from app.services.unit import unit

SHARE = "views.share"
"""The right to offer a view to everybody, and to say which role's list opens with which view."""

SHARES = ("private", "team", "all")
OWNER = "views"
"""Whose settings hold which view a list opens with and which columns somebody chose."""

EVERY = "all"
"""The key of the view that shows everything: the list as it is."""

MOST = 200
"""Views of his own that one person may have; more are not found again anyway."""

LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A view as its readers get it. `key` is its number, or the name of a declared one; those have `id` None."""

    key: str
    entity: str
    name: Any
    state: State
    share: str = "declared"
    id: int | None = None
    owner_id: int | None = None
    team_id: int | None = None
    pinned: bool = False


@dataclass(frozen=True)
class _Kept:
    """What is kept of one person: the saved views he may use, and his own choices per entity."""

    views: tuple[Saved, ...]
    choices: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a view is to be: its name, who may use it, what it shows."""

    name: str
    share: str = "private"
    team_id: int | None = None
    pinned: bool = False
    state: State | None = None


# ---------------------------------------------------------------- reading


def offered(ctx: Context, entity: str) -> Sequence[Saved]:
    """Return the views of a list that exist for the principal: declared ones first, then saved ones by name."""
    declared = [v for v in ctx.schema.all(View) if v.on == entity and _may(ctx, v)]
    found = [
        Saved(key=v.key, entity=entity, name=v.label, state=State.declared(v), pinned=v.pinned)
        for v in sorted(declared, key=lambda v: (v.order, v.key))
    ]
    return [*found, *(v for v in _kept(ctx).views if v.entity == entity)]


def get(ctx: Context, entity: str, key: str) -> Saved:
    """Return a view by its key. Raises NotVisible when it does not exist for the principal."""
    found = next((v for v in offered(ctx, entity) if v.key == key), None)
    if found is None:
        raise NotVisible(_("There is no such view. It was deleted, or it is no longer shared with you."))
    return found


def standard(ctx: Context, entity: str) -> Saved | None:
    """Return the view that a list opens with: what somebody chose himself, else what his role opens with."""
    own = _choice(ctx, entity).get("standard")
    if own == EVERY:
        return None
    wanted = [own] if own else _of_roles(ctx, entity)
    found = {v.key: v for v in offered(ctx, entity)} if wanted else {}
    return next((found[key] for key in wanted if key in found), None)


def columns(ctx: Context, entity: str) -> tuple[str, ...]:
    """Return the columns that somebody chose for a list; empty when he did not."""
    return tuple(_choice(ctx, entity).get("columns", ()))


def chosen(ctx: Context, entity: str) -> str:
    """Return the key of the view that somebody chose to open a list with, or an empty text."""
    return str(_choice(ctx, entity).get("standard", ""))


def roles(ctx: Context, entity: str) -> Mapping[str, str]:
    """Return role → key of the view that its list opens with, as far as it was set."""
    stored = settings.of_owner(ctx.session, _epoch(ctx), OWNER, {}).get(entity)
    return stored if isinstance(stored, dict) else {}


def editable(ctx: Context, view: Saved) -> bool:
    """Tell whether the principal may change a view: his own ones, and those for many with the right to share."""
    if view.id is None:
        return False
    return view.owner_id == ctx.user.id or (view.share != "private" and ctx.may(SHARE))


def _may(ctx: Context, view: View) -> bool:
    return view.permission is None or ctx.may(view.permission)


def _choice(ctx: Context, entity: str) -> Mapping[str, Any]:
    return _kept(ctx).choices.get(entity, {})


def _of_roles(ctx: Context, entity: str) -> list[str]:
    set_up = roles(ctx, entity)
    found = [set_up[role] for role in sorted(ctx.user.roles) if role in set_up]
    declared = [v.key for v in ctx.schema.all(View) if v.on == entity and ctx.user.roles & set(v.roles)]
    return found or declared


def _epoch(ctx: Context) -> int:
    counters: tuple[int, ...] = getattr(ctx, "epoch", ())
    return counters[2] if len(counters) > 2 else 0


def _kept(ctx: Context) -> _Kept:
    if ctx.user.id is None:
        return _Kept((), {})
    cache, epoch = house().views_cache, _epoch(ctx)
    cached = cache.get(ctx.user.id)
    mark = hash((epoch, ctx.user.teams))
    if cached is not None and cached[0] == mark and epoch and "unit" not in ctx.session.info:
        return cast(_Kept, cached[1])
    found = _Kept(tuple(_saved(ctx)), _choices(ctx, ctx.user.id))
    if "unit" not in ctx.session.info:
        cache[ctx.user.id] = (mark, found)
    return found


def _saved(ctx: Context) -> list[Saved]:
    usable = or_(
        SavedView.owner_id == ctx.user.id,
        SavedView.share == "all",
        and_(SavedView.share == "team", SavedView.team_id.in_(sorted(ctx.user.teams))),
    )
    rows = ctx.session.execute(select(SavedView).where(usable).order_by(SavedView.id).limit(10 * MOST))
    found = [_read(row) for row in rows.scalars()]
    return sorted(found, key=lambda view: (view.name.casefold(), view.key))


def _read(row: SavedView) -> Saved:
    return Saved(
        key=str(row.id),
        entity=row.entity,
        name=row.name,
        state=State.stored(row.state),
        share=row.share,
        id=row.id,
        owner_id=row.owner_id,
        team_id=row.team_id,
        pinned=row.pinned,
    )


def _choices(ctx: Context, user_id: int) -> dict[str, dict[str, Any]]:
    rows = ctx.session.execute(
        select(Setting.key, Setting.value).where(Setting.owner == OWNER, Setting.user_id == user_id)
    )
    return {row.key: json.loads(row.value) for row in rows}


# ---------------------------------------------------------------- changing


@unit
def create(ctx: Context, entity: str, wanted: Wanted) -> str:
    """Save a view and return its key. Raises Invalid or NotAllowed."""
    access.require(ctx, f"{entity}.view")
    if ctx.user.id is None:
        raise NotAllowed(_("Sign in to save a view."))
    own = [v for v in _kept(ctx).views if v.owner_id == ctx.user.id]
    if len(own) >= MOST:
        raise Invalid({"name": _("You have %(most)s views. Delete one that you no longer need.", most=MOST)})
    row = SavedView(entity=entity, owner_id=ctx.user.id, state=(wanted.state or State()).json())
    _fill(ctx, row, wanted)
    ctx.session.add(row)
    settings.bump(ctx, "settings")
    return str(row.id)


@unit
def change(ctx: Context, entity: str, key: str, wanted: Wanted) -> None:
    """Change a saved view; without a state it keeps what it shows. Raises NotVisible, NotAllowed or Invalid."""
    row = _editable(ctx, entity, key)
    _fill(ctx, row, wanted)
    if wanted.state is not None:
        row.state = wanted.state.json()
    row.updated_at = ctx.now
    settings.bump(ctx, "settings")


@unit
def show(ctx: Context, entity: str, key: str, state: State) -> None:
    """Let a view show something else from now on. Raises NotVisible or NotAllowed."""
    row = _editable(ctx, entity, key)
    row.state, row.updated_at = state.json(), ctx.now
    settings.bump(ctx, "settings")


@unit
def delete(ctx: Context, entity: str, key: str) -> None:
    """Delete a saved view. Raises NotVisible or NotAllowed."""
    ctx.session.delete(_editable(ctx, entity, key))
    settings.bump(ctx, "settings")


def duplicate(ctx: Context, entity: str, key: str) -> str:
    """Save a copy of any view for oneself and return its key. Raises NotVisible or Invalid."""
    view = get(ctx, entity, key)
    name = _("Copy of %(name)s", name=str(view.name))[:LONGEST]
    return create(ctx, entity, Wanted(name=name, state=view.state))


@unit
def set_standard(ctx: Context, entity: str, key: str, *, on: bool) -> None:
    """Let one's own list open with a view (EVERY: with everything), or no longer. Raises NotVisible."""
    if key != EVERY:
        get(ctx, entity, key)
    if on or chosen(ctx, entity) == key:
        _choose(ctx, entity, standard=key if on else "")


@unit
def set_columns(ctx: Context, entity: str, names: Sequence[str]) -> None:
    """Keep the columns that somebody chose for a list; none are the entity's own."""
    _choose(ctx, entity, columns=list(names))


@unit
def set_role(ctx: Context, entity: str, key: str, names: Sequence[str]) -> None:
    """Let the lists of some roles open with a view that everybody may use. Raises NotVisible, NotAllowed or Invalid."""
    access.require(ctx, SHARE)
    if get(ctx, entity, key).share not in {"declared", "all"} and names:
        raise Invalid({"roles": _("Share the view with everybody before a role's list opens with it.")})
    kept = {role: other for role, other in roles(ctx, entity).items() if other != key}
    settings.save(ctx, {entity: {**kept, **dict.fromkeys(names, key)}}, owner=OWNER)


def _choose(ctx: Context, entity: str, **change: Any) -> None:
    if ctx.user.id is None or not ctx.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    stored = dict(_choices(ctx, ctx.user.id).get(entity, {})) | change
    settings.save(ctx, {entity: {n: v for n, v in stored.items() if v}}, owner=OWNER, user_id=ctx.user.id)
    settings.bump(ctx, "settings")


def _editable(ctx: Context, entity: str, key: str) -> SavedView:
    view = get(ctx, entity, key)
    if not editable(ctx, view):
        raise NotAllowed(_("You may use this view but not change it. Save a copy of it for yourself."), SHARE)
    row = ctx.session.get(SavedView, view.id)
    if row is None:
        raise NotVisible(_("There is no such view. It was deleted, or it is no longer shared with you."))
    return row


def _fill(ctx: Context, row: SavedView, wanted: Wanted) -> None:
    name = " ".join(wanted.name.replace("\x00", "").split())
    if not name:
        raise Invalid({"name": _("Give the view a name.")})
    if len(name) > LONGEST:
        text = _("The name is longer than %(limit)s characters. Shorten it.", limit=LONGEST)
        raise Invalid({"name": text})
    if wanted.share not in SHARES:
        raise Invalid({"share": _("Choose who may use the view.")})
    if wanted.share == "all" and row.share != "all":
        access.require(ctx, SHARE)
    if wanted.share == "team" and wanted.team_id not in ctx.user.teams and row.team_id != wanted.team_id:
        raise Invalid({"team": _("Choose one of your teams.")})
    row.name, row.share, row.pinned = name, wanted.share, wanted.pinned
    row.team_id = wanted.team_id if wanted.share == "team" else None
    ctx.session.flush()


def teams(ctx: Context) -> Sequence[tuple[int, str]]:
    """Return the teams that the principal may share a view with: (id, name)."""
    rows = ctx.session.execute(
        select(Team.id, Team.name).where(Team.id.in_(sorted(ctx.user.teams))).order_by(Team.name)
    )
    return [(row.id, row.name) for row in rows]
