"""`kith import` reads the export of another system as what it is, as the profile that is named, or as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

DATA = Path(__file__).resolve().parents[1] / "data/profiles"


def test_exports_are_read_by_the_profile_they_look_like_or_that_is_named(
    run: Callable[..., Result], installation: Path
) -> None:
    run("db", "upgrade")
    run("init", "--name", "R", "--email", "r@example.org", env={"KITH_INIT_PASSWORD": "correct horse 7"})
    run("import", str(DATA / "zoho/Accounts.csv"), str(DATA / "zoho/Contacts.csv"))
    notes = str(DATA / "zoho/Notes.csv")
    again = run("import", "--profile", "zoho.note", notes)
    assert "2 created" in again.output
    assert "0 created, 0 updated, 2 skipped" in run("import", notes).output
    assert "no profile “zoho.nothing”" in run("import", "--profile", "zoho.nothing", notes, fails=True).output
    plain = run("import", "--profile", "none", "--dry-run", str(DATA / "zoho/Contacts.csv"))
    assert "would be 0 created" in plain.output, "her e-mail address is known without any profile"
