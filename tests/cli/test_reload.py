"""`kith serve --reload`: which files count, what is a change, and that the server is begun anew after one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import paths
from app.cli import reload
from app.config import ConfigError, load


class Server:
    """A server that only remembers what was done with it."""

    def __init__(self, ended: bool = False) -> None:
        self.code: int | None = 1 if ended else None
        self.did: list[str] = []

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.did.append("terminate")

    def kill(self) -> None:
        self.did.append("kill")

    def wait(self, timeout: float | None = None) -> int:
        self.code = self.code or 0
        return self.code


def test_a_file_that_is_new_changed_or_gone_is_a_change(tmp_path: Path) -> None:
    file = tmp_path / "plugin.py"
    nothing = reload.look([tmp_path])
    file.write_text("1")
    new = reload.look([tmp_path])
    os.utime(file, ns=(1, 1))
    old = reload.look([tmp_path])

    assert reload.changed(new, new) is None
    assert [reload.changed(nothing, new), reload.changed(new, old), reload.changed(new, nothing)] == [
        file
    ] * 3


def test_what_is_neither_code_nor_shown_does_not_count(tmp_path: Path) -> None:
    for name in ("a.pyc", "kith.db", "notes.md", ".git/x.py", "__pycache__/y.py", "tests/test_z.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text("")

    assert [path.name for path in reload.look([tmp_path])] == ["page.html"]


def test_the_program_and_every_plugin_folder_are_watched(tmp_path: Path) -> None:
    found = reload.folders(load({}, plugin_dirs=(str(tmp_path),)))

    assert {paths.APP, paths.TEMPLATES, tmp_path} <= set(found)


@pytest.fixture
def follow() -> Callable[..., tuple[int, list[Server]]]:
    """`follow(servers, looks)`: the loop over what it sees at each look; the exit code and the servers it began."""

    def run(servers: list[Server], looks: list[dict[Path, int]]) -> tuple[int, list[Server]]:
        begun: list[Server] = []
        seen: Iterator[Any] = iter(looks)
        rounds = iter([False] * (len(looks) - 1) + [True])

        def start() -> Server:
            begun.append(servers[len(begun)])
            return begun[-1]

        code = reload.follow(start, lambda: next(seen, looks[-1]), lambda seconds: next(rounds, True))
        return code, begun

    return run


def test_after_a_change_the_server_is_begun_anew(follow: Any) -> None:
    first, then = {Path("a.py"): 1}, {Path("a.py"): 2}
    servers = [Server(), Server()]

    code, begun = follow(servers, [first, first, then, then])

    assert code == 0
    assert begun == servers
    assert [server.did for server in servers] == [["terminate"], ["terminate"]]


def test_a_server_that_fell_is_begun_anew_after_the_next_change(follow: Any) -> None:
    first, then = {Path("a.py"): 1}, {Path("a.py"): 2}
    servers = [Server(ended=True), Server()]

    _code, begun = follow(servers, [first, first, then, then])

    assert begun == servers
    assert servers[0].did == []


def test_it_is_not_for_production() -> None:
    config = load({}, env="production", secret_key="x" * 40)
    with pytest.raises(ConfigError, match="for authors"):
        reload.serve(config, [])
