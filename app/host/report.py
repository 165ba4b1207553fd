"""What there is to say about one plugin: what it adds, what it costs, how it fails, what it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.host.host import Host
from app.host.loaded import Loaded
from app.kernel.context import Context
from app.kernel.contributions import Contribution, Entity, HealthCheck, Permission
from app.kernel.guard import times
from app.models import JobRow
from app.services import grants, health, jobs, outbox


@dataclass(frozen=True, kw_only=True)
class Cost:
    """How long calls took in this process, in milliseconds: of one part of a plugin, or of all on one surface."""

    surface: str
    item: str
    calls: int
    half: float
    most: float


@dataclass(frozen=True, kw_only=True)
class Incident:
    """A failure in this process: when, where, what sort of error (its words are in the log under the number)."""

    at: datetime
    surface: str
    item: str
    error: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A plugin that another one needs, or works together with: its state, or "" when it is not installed."""

    name: str
    label: str
    state: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class Right:
    """A permission that a plugin declares and the built-in roles that have it from the start, or the usual ones
    (`verbs`) of a kind of record that it brings.
    """

    key: str
    label: str
    roles: Sequence[str] = ()
    verbs: Sequence[str] = ()


# ---------------------------------------------------------------- what it adds


def contributions(host: Host, name: str) -> Mapping[str, Sequence[Contribution]]:
    """Return what a plugin declares, by sort in the order of the hooks."""
    found: dict[str, list[Contribution]] = {}
    for item in host.contributions(name):
        found.setdefault(type(item).__name__, []).append(item)
    return found


def pages(host: Host, name: str) -> Sequence[tuple[str, str, str]]:
    """Return a plugin's pages: address, who may (requires, signed_in, public) and the permission or reason."""
    loaded = host.plugins.get(name)
    if loaded is None or not loaded.well:
        return []
    found = []
    for rule in host.app.url_map.iter_rules():
        if rule.endpoint in loaded.endpoints:
            how, what = getattr(host.app.view_functions[rule.endpoint], "kith_access", ("", ""))
            found.append((rule.rule, how, what))
    return sorted(found)


def permissions(host: Host, name: str) -> Sequence[Right]:
    """Return the permissions that a plugin declares: its own, and those of its kinds of record."""
    own = [
        Right(key=item.key, label=str(item.label or item.key), roles=item.roles)
        for item in host.contributions(name)
        if isinstance(item, Permission)
    ]
    own += [
        Right(key=item.key, label=str(item.plural), verbs=grants.VERBS)
        for item in host.contributions(name)
        if isinstance(item, Entity)
    ]
    return own


# ---------------------------------------------------------------- what it costs, how it fails


def costs(name: str) -> Sequence[Cost]:
    """Return what each part of a plugin took in its latest calls, the slowest first."""
    found = [_cost(surface.title, item, taken) for (surface, item), taken in times(name).items()]
    return sorted(found, key=lambda cost: (-cost.most, cost.surface, cost.item))


def costs_by_surface(name: str) -> Sequence[Cost]:
    """Return what a plugin took on each surface, all its parts together, the slowest first."""
    together: dict[str, list[float]] = {}
    for (surface, _item), taken in times(name).items():
        together.setdefault(surface.title, []).extend(taken)
    found = [_cost(surface, "", taken) for surface, taken in together.items()]
    return sorted(found, key=lambda cost: (-cost.most, cost.surface))


def _cost(surface: str, item: str, taken: Sequence[float]) -> Cost:
    ordered = sorted(taken)
    return Cost(
        surface=surface,
        item=item,
        calls=len(ordered),
        half=_share(ordered, 0.5) * 1000,
        most=_share(ordered, 0.95) * 1000,
    )


def _share(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of some sorted values lies (nearest rank)."""
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def incidents(host: Host, name: str, limit: int = 10) -> Sequence[Incident]:
    """Return a plugin's latest failures in this process, the newest first."""
    found = [fault for fault in reversed(host.states.quarantine.latest) if fault.owner == name]
    return [
        Incident(
            at=fault.at,
            surface=fault.surface.title,
            item=fault.item,
            error=type(fault.error).__name__ if fault.error is not None else f"{fault.seconds:.1f} s",
            number=fault.incident,
        )
        for fault in found[:limit]
    ]


def given_up(ctx: Context) -> Mapping[str, int]:
    """Return how many jobs of each owner were given up, in one query."""
    query = select(JobRow.name, func.count()).where(JobRow.state == "dead").group_by(JobRow.name)
    found: dict[str, int] = {}
    for name, count in ctx.session.execute(query):
        owner = _owner_of(name)
        found[owner] = found.get(owner, 0) + count
    return found


def _owner_of(job: str) -> str:
    if job.startswith(outbox.PREFIX):
        return job.removeprefix(outbox.PREFIX).partition(":")[0]
    declared = jobs.declared(job)
    return declared.owner if declared is not None else job.partition(".")[0]


def checks(ctx: Context, host: Host, name: str) -> Sequence[health.Finding]:
    """Ask a running plugin's own questions about its condition."""
    if not host.states.is_enabled(name):
        return []
    own = [item for item in host.contributions(name) if isinstance(item, HealthCheck)]
    return [health.asked(ctx, check) for check in own]


# ---------------------------------------------------------------- its neighbours


def requires(host: Host, name: str) -> Sequence[Neighbour]:
    """Return the plugins that one needs."""
    loaded = host.plugins.get(name)
    return [_neighbour(host, other) for other in loaded.requires] if loaded else []


def enhances(host: Host, name: str) -> Sequence[Neighbour]:
    """Return the plugins that one works together with when they are there."""
    loaded = host.plugins.get(name)
    wished: Sequence[Any] = loaded.plugin.enhances if loaded and loaded.plugin else ()
    return [_neighbour(host, str(other)) for other in wished]


def needed_by(host: Host, name: str) -> Sequence[Neighbour]:
    """Return the plugins that need one."""
    return [_neighbour(host, p.name) for p in host.plugins.values() if name in p.requires]


def together(host: Host, name: str) -> Sequence[Neighbour]:
    """Return the plugins that would be switched along: those that need it, or those that it needs."""
    if host.states.is_chosen(name):
        return [one for one in needed_by(host, name) if one.on]
    return _needs(host, name, [])


def _needs(host: Host, name: str, found: list[Neighbour]) -> list[Neighbour]:
    """Collect what is not on of all that a plugin needs, also by way of others."""
    for one in requires(host, name):
        if not one.on and one.name not in [known.name for known in found]:
            _needs(host, one.name, found)
            found.append(one)
    return found


def _neighbour(host: Host, name: str) -> Neighbour:
    loaded: Loaded | None = host.plugins.get(name)
    if loaded is None:
        return Neighbour(name=name, label=name, state="", on=False)
    state = str(host.states.state(name))
    return Neighbour(name=name, label=loaded.label, state=state, on=host.states.is_chosen(name))
