"""The same plugin as a folder, and as a wheel that pip installed into a clean environment: not one thing differs."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.cli.scaffold import PARTS, Plan, write
from app.testing.databases import address

ROOT = Path(__file__).resolve().parents[2]


def wheel(source: Path, into: Path) -> Path:
    """Pack a distribution as its pyproject.toml says, with nothing from the network; return the wheel."""
    project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    name = project["name"].replace("-", "_")
    stem = f"{name}-{project['version']}"
    points = project["entry-points"]["kith.plugins"].items()
    files = {
        str(path.relative_to(source)): path.read_bytes()
        for path in sorted((source / name).rglob("*"))
        if path.is_file()
    }
    texts = {
        "METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": "[kith.plugins]\n" + "".join(f"{key} = {value}\n" for key, value in points),
    }
    files |= {f"{stem}.dist-info/{key}": text.encode() for key, text in texts.items()}
    record = "".join(f"{path},{digest(data)},{len(data)}\n" for path, data in files.items())
    files[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n".encode()
    made = into / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return made


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def clean_environment(folder: Path) -> Path:
    """Make an environment with Kith and what it needs, and return its Python."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    script = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    place = subprocess.run([python, "-c", script], check=True, capture_output=True, text=True).stdout.strip()
    Path(place, "kith.pth").write_text(f"{ROOT}\n{sysconfig.get_paths()['purelib']}\n")
    return python


def install(python: Path, package: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, *offline, str(package)], check=True, capture_output=True)


def behaviour(python: str | Path, folder: Path, **environment: str) -> Any:
    """Return what the plugin is and does, as a process of that Python sees it."""
    folder.mkdir()
    with address(folder) as url:
        command = [str(python), "-m", "tests.host.wheel_walk", str(folder), url]
        values = {key: value for key, value in os.environ.items() if not key.startswith("KITH_")}
        values |= {"PYTHONPATH": str(ROOT), "KITH_PLUGINS": "visits", **environment}
        done = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(os.name != "posix", reason="the environment's folders are those of POSIX")
def test_a_wheel_behaves_like_the_folder(tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    write(Plan("visits", tuple(PARTS)), plugins / "visits")
    write(Plan("visits", tuple(PARTS), package=True), tmp_path / "kith-visits")
    python = clean_environment(tmp_path / "venv")
    install(python, wheel(tmp_path / "kith-visits", tmp_path))

    as_folder = behaviour(sys.executable, tmp_path / "a", KITH_PLUGIN_DIRS=str(plugins))
    as_wheel = behaviour(python, tmp_path / "b")

    assert "the folder" in as_folder.pop("origin")
    assert re.fullmatch(r"the package kith-visits 0\.1\.0", as_wheel.pop("origin"))
    assert as_wheel.pop("version") == "0.1.0"
    as_folder.pop("version")
    assert as_wheel == as_folder
    assert as_folder["state"] == "enabled"
    assert len(as_folder["declares"]) >= 8
