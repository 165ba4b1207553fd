"""`kith import` with keys, rules for fields, and zips."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from click.testing import Result


def test_keys_rules_and_zips_are_taken_from_the_command_line(
    run: Callable[..., Result], installation: Path, tmp_path: Path
) -> None:
    run("db", "upgrade")
    run("init", "--name", "R", "--email", "r@example.org", env={"KITH_INIT_PASSWORD": "correct horse 7"})
    packed = tmp_path / "crm.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("contacts.csv", "id,first_name,last_name,email,company_id\n1,Ana,Lima,a@x.pt,7\n")
        archive.writestr("companies.csv", "id,name\n7,Acme\n")
    first = run("import", str(packed), "--system", "old").output
    assert first.index("companies.csv: csv, 1 created") < first.index("contacts.csv: csv, 1 created")
    assert "0 created" in run("import", str(packed), "--system", "old").output
    assert "cannot be tried out" in run("import", str(packed), "--dry-run", fails=True).output
    people = tmp_path / "people.csv"
    people.write_text("First name,Last name,E-mail,Notes\nAna,Lima,a@x.pt,New.\n", encoding="utf-8")
    words = ("--match", "email", "--match", "uid", "--duplicates", "update")
    assert "1 updated" in run("import", str(people), *words, "--field", "note=overwrite").output
    assert "1 skipped" in run("import", str(people), *words, "--field", "note=overwrite").output
    assert "choose keep" in run("import", str(people), "--field", "note=burn", fails=True).output
