"""./kith test [--long] [words for pytest]: everything on SQLite, then what a database can change on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

from . import browser, pdf, postgresql
from .system import ROOT, say

WITHOUT_DATABASE = [
    "tests/formats",
    *(
        f"tests/host/test_{name}.py"
        for name in ("assets", "checks", "discovery", "kit", "loading", "mounting")
    ),
    *(
        f"tests/test_{name}.py"
        for name in ("architecture", "beauty", "docs", "kith_script", "suite", "templates", "translations")
    ),
]
"""What reads no table, and so is not run a second time."""

USAGE = """./kith test [--long] [FOLDER or FILE ...] [words for pytest]

Runs tests on SQLite, then what a database can change on PostgreSQL: all of them, or those that are named.

  ./kith test                              everything
  ./kith test plugins/visits               the contract and the tests of a plugin, wherever its folder is
  ./kith test plugins/visits -k panels     those whose name has a word in it
  ./kith test --long                       also what takes minutes
  .venv/bin/python -m pytest plugins/visits    on SQLite alone, without the rest

-x stops at the first failure; every other word of pytest: .venv/bin/python -m pytest --help
KITH_TEST_PG=postgresql://user:password@host/name names a PostgreSQL server; without it one is found or started.
"""

NO_TESTS = 5  # pytest's exit code when -k or a path left nothing to run


def main(words: list[str]) -> int:
    """Run the suite once per database; the first exit code that is not 0, and 1 in CI when a part is missing."""
    if {"-h", "--help"} & {*words}:
        print(USAGE, end="")
        return 0
    os.chdir(ROOT)
    if "--long" in words:
        words = [word for word in words if word != "--long"]
        os.environ["KITH_TEST_LONG"] = "1"
    chromium = browser.find()
    if chromium:
        os.environ["KITH_TEST_CHROMIUM"] = chromium
    draws = pdf.find()
    with postgresql.server() as address:
        notices = missing(chromium, address, draws)
        codes = [suite(database, words) for database in ["sqlite", address] if database]
    for notice in notices:
        say(notice)
    if notices and os.environ.get("CI") == "true":
        return 1
    return next(filter(None, codes), 0)


def missing(chromium: str | None, address: str | None, draws: bool) -> list[str]:
    """Say, before and after the tests, what cannot be tested here and how it could be."""
    notices = []
    if not chromium:
        notices.append("browser tests SKIPPED: no Chromium (install chromium or set KITH_TEST_CHROMIUM=PATH)")
    if not address:
        notices.append("PostgreSQL tests SKIPPED: no server (install postgresql or set KITH_TEST_PG=URL)")
    if not draws:
        notices.append("PDF tests SKIPPED: no Pango (install libpango-1.0-0 and libpangoft2-1.0-0)")
    for notice in notices:
        say(notice)
    return notices


def suite(database: str, words: list[str]) -> int:
    """Run pytest on "sqlite" or on the server at an address; its exit code.

    The whole suite gets two workers; for a part of it, starting them would cost more than they bring.
    """
    say(f"tests on {'SQLite' if database == 'sqlite' else 'PostgreSQL'} ...")
    command = [sys.executable, "-m", "pytest", *(words or ["-n", "2", "--dist", "loadfile"])]
    if not words and database != "sqlite":
        command += [f"--ignore={path}" for path in WITHOUT_DATABASE]
    if "-m" not in words:
        command += ["-m", marks(database)]
    environment = {**os.environ, "KITH_TEST_DATABASE": database}
    code = subprocess.run(command, env=environment, check=False).returncode
    return 0 if code == NO_TESTS and database != "sqlite" else code


def marks(database: str) -> str:
    """Which tests run on a database: what a browser sees does not depend on it."""
    long = "" if "KITH_TEST_LONG" in os.environ else "not long"
    return " and ".join(filter(None, [long, "" if database == "sqlite" else "not browser"]))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
