"""`kith export --all` and `kith import --all`: one Kith's data in another, from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("words", [("export",), ("import",), ("export", "contact", "--all", "x.zip")])
def test_either_some_records_or_all_are_meant(run: Run, words: tuple[str, ...]) -> None:
    assert "one of the two" in run(*words, fails=True).output


def test_all_data_go_from_one_kith_to_another(
    run: Run, installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    run("users", "add", "ana@example.org", "--name", "Ana Lima", "--role", "administrator")
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    run("export", "--all", str(one))
    assert "not empty" in str(run("import", "--all", str(one), fails=True).exception)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("KITH_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("KITH_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere' / 'kith.db'}")
    run("db", "upgrade")
    assert "kith users reset-password" in run("import", "--all", str(one)).output
    assert "ana@example.org" in run("users", "list").output
    run("export", "--all", str(other))
    assert one.read_bytes() == other.read_bytes()
    assert "exists already" in str(run("export", "--all", str(other), fails=True).exception)
