"""`kith config`: the settings that are in force, without any secret."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click

from app.cli import config_files

SECRET = {"secret_key", "secret_key_old", "smtp_url", "database_url"}


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  kith config | grep backup\n  kith config export setup\n  kith config diff setup\n  kith config apply setup",
)
@click.pass_context
def config(context: click.Context) -> None:
    """Show every setting with its value; of secrets only whether they are set. Or put definitions into text files."""
    if context.invoked_subcommand is None:
        show()


config.add_command(config_files.export)
config.add_command(config_files.diff)
config.add_command(config_files.apply)


def show() -> None:
    """Print every setting."""
    from app.config import Config, load

    found, defaults = load(), load({})
    for field in fields(Config):
        value = getattr(found, field.name)
        if field.name == "plugin_settings":
            for owner, values in value.items():
                for key in values:
                    click.echo(f"{f'KITH_{owner}__{key}'.upper():32} (set)")
            continue
        note = "" if value == getattr(defaults, field.name) else "  (changed)"
        click.echo(f"{f'KITH_{field.name}'.upper():32} {shown(field.name, value)}{note}")
    click.echo(f"{'data folder':32} {found.data}")


def shown(name: str, value: Any) -> str:
    """Return a setting's value for the terminal; of a secret whether there is one."""
    if name in SECRET:
        return "(set)" if value else "(not set)"
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, tuple) else str(value)
