"""The command `kith`. Each command is loaded when it is called, so that `kith --help` answers at once."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from app.version import current

COMMANDS = {
    "serve": ("app.cli.serve:serve", "Serve Kith: pages, API and background work."),
    "worker": ("app.cli.serve:worker", "Do background work in a process of its own."),
    "init": ("app.cli.init:init", "Create the first administrator."),
    "demo": ("app.cli.demo:demo", "Try Kith with made-up data."),
    "db": ("app.cli.db:db", "Database: upgrade, current, check, revision."),
    "users": ("app.cli.users:users", "Users: list, add, reset-password, deactivate."),
    "tokens": ("app.cli.tokens:tokens", "Tokens of the API: list, add, revoke."),
    "import": ("app.cli.importing:import_", "Import an address book or a table (vCard, CSV, XLSX)."),
    "export": ("app.cli.exporting:export", "Export a list (CSV, XLSX, vCard, JSON Lines)."),
    "search": ("app.cli.search:search", "Search: reindex."),
    "backup": ("app.cli.backup:backup", "Take a backup, or verify one."),
    "restore": ("app.cli.backup:restore", "Put a backup back."),
    "plugins": ("app.cli.plugins:plugins", "Plugins: list, show, enable, disable, doctor."),
    "secrets": ("app.cli.secrets:secrets", "Secrets of plugins: list, rotate."),
    "doctor": ("app.cli.doctor:doctor", "Look for what is wrong and say what to do."),
    "config": ("app.cli.config:config", "Show the settings that are in force."),
}
"""Name → where its command is, and its line in the help."""

EPILOG = """\b
Examples:
  kith demo                       try it on http://127.0.0.1:8000
  kith init && kith serve         start for real
  kith COMMAND --help             every command has an example
  ./kith test plugins/NAME        in a checkout: run tests, those of a plugin or all
  ./kith check                    in a checkout: read the code over

Settings are in config/default.toml, in the file that KITH_CONFIG names, and in KITH_* variables. A plugin may bring
commands of its own: kith PLUGIN --help."""


class Lazy(click.Group):
    """A group whose commands are imported when they are used; what it does not know may be a plugin's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or look for a group of that name among the plugins."""
        if cmd_name in COMMANDS:
            module, _, attribute = COMMANDS[cmd_name][0].partition(":")
            found: click.Command = getattr(import_module(module), attribute)
            return found
        return self._of_plugin(cmd_name) if cmd_name.replace("_", "").isalnum() else None

    def _of_plugin(self, name: str) -> click.Command | None:
        from app.cli.booted import plugin_group

        return plugin_group(name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_where, line) in COMMANDS.items()])


@click.command(cls=Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(current(), message="%(version)s")
def kith() -> None:
    """Kith, a CRM of your own."""


def main() -> None:
    """Run the command; what went wrong is one sentence, never a trace of the program's insides."""
    try:
        kith(prog_name="kith")
    except Exception as error:
        sentence = known(error)
        if sentence is None:
            raise
        click.echo(f"kith: {sentence}", err=True)
        sys.exit(1)


def known(error: Exception) -> str | None:
    """Return the sentence of an error that is no fault of the program, or None."""
    from sqlalchemy.exc import OperationalError

    from app.config import ConfigError
    from app.database import Busy
    from app.kernel.errors import KithError

    if isinstance(error, ConfigError | KithError | Busy):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database does not answer: {str(error.orig or error).strip().splitlines()[0]}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}. Correct its permissions, or name another folder or file."
    return None
