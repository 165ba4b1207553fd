"""`kith config export`, `diff` and `apply` from the terminal."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

FIELD = """[[interaction_kind]]
name = "fax"
label = "Fax"
icon = "file-text"
tone = "sys"
directed = true
timed = false
position = 1
"""


def test_definitions_are_written_compared_and_applied(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    folder = str(tmp_path / "setup")
    assert "0 definitions" in run("config", "export", folder).output
    assert "Everything is as the files say" in run("config", "diff", folder).output
    (tmp_path / "setup" / "interaction_kind.toml").write_text(FIELD)
    assert "+ interaction_kind fax (Fax)" in run("config", "diff", folder, fails=True).output
    assert "Apply this?" in run("config", "apply", folder, fails=True, input="n\n").output
    assert "1 definitions changed" in run("config", "apply", folder, "--yes").output
    run("config", "export", folder)
    assert (tmp_path / "setup" / "interaction_kind.toml").read_text() == FIELD
    assert "data folder" in run("config").output
