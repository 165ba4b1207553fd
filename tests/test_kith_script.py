"""./kith itself: it starts from nothing, installs once, falls back sensibly, and hands words on unchanged."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import runpy
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "kith"
LISTS = ["base", "pg", "test"]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


@pytest.fixture
def kith(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with an environment and lists of its own that start empty."""
    loader = SourceFileLoader("kith_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("kith_script", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    module.VENV, module.LOCKS = tmp_path / ".venv", tmp_path / "locks"
    module.PYTHON = module.VENV / "bin" / "python"
    module.LOCKS.mkdir()
    for name in LISTS:
        (module.LOCKS / f"{name}.txt").write_text(f"{name}==1")
    return module


@pytest.fixture
def commands(kith: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every command that the script runs, instead of running it; making the environment makes its Python."""
    seen: list[str] = []

    def run(*command: str | Path, quiet: bool = False) -> bool:
        seen.append(" ".join(map(str, command)))
        if "venv" in command:
            make_environment(kith)
        return "-c" not in command or kith.PYTHON.exists()

    monkeypatch.setattr(kith, "run", run)
    monkeypatch.setattr(kith, "has_ensurepip", lambda: True)
    monkeypatch.setattr(kith.shutil, "which", lambda name: None)
    return seen


def make_environment(kith: ModuleType) -> None:
    """Put the few files into .venv by which the script recognises one."""
    kith.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    kith.PYTHON.touch()
    (kith.VENV / "pyvenv.cfg").write_text("version = 3.11.7")


def pins(name: str) -> dict[str, str]:
    """Package and version of every line of a committed list."""
    return dict(PIN.findall((ROOT / "locks" / f"{name}.txt").read_text()))


def test_needs_nothing_but_the_standard_library() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SCRIPT.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= sys.stdlib_module_names


def test_an_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"3\.11 or newer, and this is 3\.9"):
        runpy.run_path(str(SCRIPT))


def test_alone_it_says_what_there_is(kith: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert kith.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"./kith {word}" in printed for word in ("demo", "init", "serve", "test", "check", "--help"))


def test_installs_only_once(kith: ModuleType, commands: list[str]) -> None:
    kith.ensure("base")
    assert any("base.txt" in command for command in commands)
    commands.clear()
    kith.ensure("base")
    assert commands == []


def test_installs_again_when_the_list_changed(kith: ModuleType, commands: list[str]) -> None:
    kith.ensure("base")
    (kith.LOCKS / "base.txt").write_text("base==2")
    commands.clear()
    kith.ensure("base")
    assert any("base.txt" in command for command in commands)


def test_a_list_that_holds_another_serves_for_it(kith: ModuleType, commands: list[str]) -> None:
    kith.ensure("test")
    assert kith.ready("base")
    assert kith.ready("pg")


def test_an_interrupted_installation_is_done_again(kith: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    make_environment(kith)
    monkeypatch.setattr(kith, "run", lambda *command, **_: "install" not in command)
    with pytest.raises(SystemExit, match="installation failed"):
        kith.ensure("base")
    assert not kith.ready("base")


def test_pip_installs_where_uv_cannot_be_had(kith: ModuleType, commands: list[str]) -> None:
    kith.ensure("base")
    install = commands[-1]
    assert install.startswith(f"{kith.PYTHON} -m pip install")
    assert "--require-hashes" in install


def test_uv_on_the_path_is_used(
    kith: ModuleType, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kith.shutil, "which", lambda name: "/usr/bin/uv" if name == "uv" else None)
    kith.ensure("base")
    assert commands[-1].startswith("/usr/bin/uv pip install")
    assert "--require-hashes" in commands[-1]


def test_a_python_without_venv_gets_a_clear_sentence(
    kith: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kith, "run", lambda *command, **_: False)
    monkeypatch.setattr(kith.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        kith.ensure("base")


@pytest.mark.parametrize(
    ("words", "module", "wanted"),
    [
        (["demo", "--clear"], "app.cli", "base"),
        (["import", "a file.vcf"], "app.cli", "base"),
        (["test", "-k", "x y"], "tests.suite", "test"),
    ],
)
def test_words_are_handed_on_unchanged(
    kith: ModuleType, monkeypatch: pytest.MonkeyPatch, words: list[str], module: str, wanted: str
) -> None:
    seen: list[object] = []
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    monkeypatch.setattr(kith, "ensure", seen.append)

    def execv(path: Path, command: list[str]) -> None:
        seen.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(kith.os, "execv", execv)
    with pytest.raises(SystemExit):
        kith.main(words)
    given = words[1:] if module == "tests.suite" else words
    assert seen == [wanted, [str(kith.PYTHON), "-P", "-m", module, *given]]
    assert os.environ["PYTHONPATH"] == os.pathsep.join([str(ROOT), "/elsewhere"])


def test_a_postgresql_database_brings_its_driver(
    kith: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    monkeypatch.delenv("KITH_CONFIG", raising=False)
    assert not kith.on_postgresql()
    settings = tmp_path / "site.toml"
    settings.write_text('database_url = "postgresql://kith@db/kith"')
    monkeypatch.setenv("KITH_CONFIG", str(settings))
    assert kith.on_postgresql()
    monkeypatch.setenv("KITH_DATABASE_URL", "sqlite:///var/kith.db")
    assert not kith.on_postgresql()


# ---------------------------------------------------------------- the committed lists


@pytest.mark.parametrize("name", [*LISTS, "uv"])
def test_a_list_has_hashes_and_names_no_index(name: str) -> None:
    text = (ROOT / "locks" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?:|file:|index-url|find-links", text)


@pytest.mark.parametrize(("narrow", "wide"), [("base", "pg"), ("pg", "test")])
def test_a_wider_list_pins_the_same_versions(narrow: str, wide: str) -> None:
    assert pins(narrow).items() <= pins(wide).items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {
        "base": project["dependencies"],
        "pg": project["optional-dependencies"]["pg"],
        "test": project["optional-dependencies"]["test"],
    }
    for name, requirements in wanted.items():
        names = {re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements}
        assert names - set(pins(name)) == set()


def test_a_wheel_takes_along_what_there_is() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert all((ROOT / source).exists() for source in [*wheel["packages"], *wheel["force-include"]])
