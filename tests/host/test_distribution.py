"""What Kith reads beside its code goes with it when pip installs it."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_A_SITE = {"local.toml", "production.toml"}
"""Settings that somebody wrote into a checkout."""


def test_a_distribution_has_every_file_of_the_configuration() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    packed = built["force-include"]
    files = {p.name for p in (ROOT / "config").iterdir() if p.is_file()} - OF_A_SITE
    assert files == {Path(source).name for source in packed if source.startswith("config/")}
    assert all(target == f"app/_data/{source}" for source, target in packed.items())
