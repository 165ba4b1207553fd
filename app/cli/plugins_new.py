"""`kith plugins new`: a plugin to begin with, that passes every check as it is."""

from __future__ import annotations

from pathlib import Path

import click

MEANT = {"event": "events", "setting": "settings", "fields": "field", "actions": "action", "jobs": "job"}
"""Words that people would write for those that there are."""


@click.command(
    epilog="\b\nExamples:\n  kith plugins new visits\n  kith plugins new visits --with entity,panel,action,job\n"
    "  kith plugins new visits --package"
)
@click.argument("name")
@click.option(
    "--with", "parts", default="panel", show_default=True, help="What it has, by commas (see below)."
)
@click.option(
    "--package", is_flag=True, help="A distribution of its own, kith-NAME, to be installed with pip."
)
@click.option("--into", type=click.Path(path_type=Path), help="The folder in which it is made.")
def new(name: str, parts: str, package: bool, into: Path | None) -> None:
    """Write a new plugin into the folder plugins/ (or, as a package, where you stand).

    It can have: panel, entity (a kind of record with its table), field, action, job, events, page, settings.
    """
    from app import paths
    from app.cli.scaffold import Plan, write, write_beside

    plan = Plan(name, _parts(parts), package)
    _check(plan)
    place = (into or (Path.cwd() if package else paths.PLUGINS)).resolve()
    outside = not package and place != paths.PLUGINS.resolve()
    if outside and place.name != "plugins":
        raise click.ClickException(
            f"A folder with plugins is called plugins, for they are imported from it: --into {place / 'plugins'}"
        )
    folder = place / (f"kith-{name.replace('_', '-')}" if package else name)
    try:
        made = write(plan, folder)
    except FileExistsError:
        raise click.ClickException(
            f"{folder} is there already. Choose another name, or move it away."
        ) from None
    if outside:
        write_beside(place.parent)
    for file in made:
        click.echo(f"  {file.relative_to(place)}")
    click.echo(_then(plan, folder, outside=outside))


def _parts(text: str) -> tuple[str, ...]:
    from app.cli.scaffold import PARTS

    words = [word.strip() for word in text.split(",") if word.strip()]
    asked = [MEANT.get(word, word) for word in words]
    for word in asked:
        if word not in PARTS:
            raise click.ClickException(
                f"“{word}” is nothing that a plugin can begin with. There are: {', '.join(PARTS)}."
            )
    return tuple(part for part in PARTS if part in asked)


def _check(plan: object) -> None:
    """Refuse a name that the boot would refuse."""
    from app.cli.scaffold import Plan
    from app.host.checks import name_is_free
    from app.host.discovery import Candidate
    from app.host.loaded import Loaded

    assert isinstance(plan, Plan)
    candidate = Candidate(plan.name, f"plugins.{plan.name}.plugin", "", Path(), "")
    for finding in name_is_free(Loaded(candidate)):
        raise click.ClickException(finding.text)


def _then(plan: object, folder: Path, *, outside: bool) -> str:
    from app.cli.scaffold import Plan

    assert isinstance(plan, Plan)
    from app import paths

    checkout = (paths.ROOT / "kith").is_file()
    kith, python = ("./kith", ".venv/bin/python") if checkout else ("kith", "python")
    steps = []
    if plan.package:
        steps.append(f"{python} -m pip install -e {folder}")
    elif outside:
        steps.append(f"export KITH_PLUGIN_DIRS={folder.parent}")
    if "entity" in plan.parts:
        draft = folder / (f"kith_{plan.name}" if plan.package else "") / "migrations" / "0001_items.py"
        steps += [
            "# first change models.py and entities.py as you need them; then, in place of the sample's migration:",
            f"rm {draft} && {kith} db revision {plan.name} -m first",
        ]
    tests = f"./kith test {folder}" if checkout else f"cd {folder} && python -m pytest"
    steps += [f"{kith} plugins enable {plan.name}", tests]
    return "\n".join(["", "Next:", *(f"  {step}" for step in steps)])
