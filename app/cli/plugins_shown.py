"""What `kith plugins list` and `kith plugins show` print: the same as the pages of the administration say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from app.kernel.errors import GuardedFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.host.host import Host
    from app.host.report import Neighbour
    from app.kernel.context import Context

WIDTH = 12


def listed(ctx: Context, host: Host) -> None:
    """Print a line for each plugin: name, state, version, what it does; below it what is wrong."""
    from app.host import report

    given_up = report.given_up(ctx)
    every = host.states.all()
    for status in every:
        click.echo(f"{status.name:20} {status.state:16} {status.version:10} {status.summary}".rstrip())
        if status.problem:
            click.echo(f"{'':20} {status.problem}")
        if given_up.get(status.name):
            click.echo(f"{'':20} {given_up[status.name]} jobs were given up.")
    if not every:
        click.echo("There are no plugins. Put one into the folder plugins/, or install its package.")


def shown(ctx: Context, host: Host, name: str) -> None:
    """Print everything about one plugin, a line for each thing. Raises PluginError when nobody knows it."""
    for head, text in _lines(ctx, host, name):
        if text:
            click.echo(f"{head:{WIDTH}} {text}")


def _lines(ctx: Context, host: Host, name: str) -> Iterator[tuple[str, str]]:
    yield from _about(host, name)
    yield from _declared(host, name)
    yield from _settings(ctx, name)
    yield from _fares(ctx, host, name)


def _about(host: Host, name: str) -> Iterator[tuple[str, str]]:
    from app.host import report

    status = host.states.status(name)
    yield "plugin", f"{status.label} ({status.name})"
    yield "state", status.state
    yield "problem", status.problem
    yield "summary", status.summary
    yield "version", status.version
    yield "from", status.origin
    yield "requires", _names(report.requires(host, name))
    yield "enhances", _names(report.enhances(host, name))
    yield "needed by", _names(report.needed_by(host, name))
    yield "tables", ", ".join(status.tables)
    waiting = host.migrations.pending().get(name, ())
    yield "pending", f"migrations {', '.join(waiting)}" if waiting else ""
    for warning in status.warnings:
        yield "remark", warning


def _names(found: Sequence[Neighbour]) -> str:
    return ", ".join(f"{one.name} ({one.state or 'not installed'})" for one in found)


def _declared(host: Host, name: str) -> Iterator[tuple[str, str]]:
    from app.host import report

    for sort, items in report.contributions(host, name).items():
        for item in items:
            yield "declares", f"{sort} {item.key}  {item.label}".rstrip()
    for right in report.permissions(host, name):
        yield "permission", f"{right.key}  {right.label}  {' '.join(right.verbs)}".rstrip()
    for address, how, what in report.pages(host, name):
        yield "page", f"{address}  {how} {what}".rstrip()


def _settings(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    """Name the settings and their values; of secrets only whether one is stored."""
    from app.services import plugin_forms, plugin_settings
    from app.services.typed_json import Sealed

    try:
        slots = plugin_forms.slots(name)
    except GuardedFailure as error:
        yield "settings", str(error)
        return
    values, locked = plugin_settings.of(ctx, name), plugin_forms.locked(name)
    for slot in slots.values():
        value = values.raw(slot.name)
        text = (
            ("(set)" if value or isinstance(value, Sealed) else "(not set)") if slot.secret else repr(value)
        )
        by = f"  by {plugin_forms.variable(name, slot.name)}" if slot.name in locked else ""
        yield "setting", f"{slot.name} = {text}{by}"


def _fares(ctx: Context, host: Host, name: str) -> Iterator[tuple[str, str]]:
    from app.host import report

    for finding in report.checks(ctx, host, name):
        yield "health", f"{finding.state}  {finding.label}  {finding.message}".rstrip()
    if count := report.given_up(ctx).get(name, 0):
        yield "jobs", f"{count} given up"
    for one in report.incidents(host, name):
        yield (
            "failed",
            f"{one.at:%Y-%m-%d %H:%M:%S} {one.surface} {one.item}: {one.error} (incident {one.number})",
        )
    for cost in report.costs(name):
        yield "took", f"{cost.surface} {cost.item}: {cost.half:.1f} / {cost.most:.1f} ms, {cost.calls} calls"
