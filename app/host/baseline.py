"""Write 0001_core.py anew from the models: `python -m app.host.baseline`. Only until the first release.

What autogenerate cannot see (search indexes, the counter row, deferred foreign keys) is in 0002_search.py, by hand.
After the first release a change of the models is a new revision: `kith db revision core -m "..."`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from app import models
from app.config import Config
from app.database import prepare
from app.host.migrations import CORE, Lineage, Migrations
from app.host.revisions import History

BASELINE = {"0001", "0002"}


def main() -> int:
    """Replace the baseline; refuses once there are migrations after it, for databases in use would be lost."""
    later = set(History(CORE.versions).revisions) - BASELINE
    if later:
        print(
            f"There are migrations after the baseline ({', '.join(sorted(later))}): write a new revision instead."
        )
        return 1
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.db")
        prepare(engine, Config(data_dir=folder))
        fresh = Lineage("core", Path(folder) / "versions")
        made = Migrations(lambda: engine, models.Model.metadata, lambda: [fresh]).revision("core", "core")
        engine.dispose()
        (CORE.versions / "0001_core.py").write_text(_titled(made.read_text("utf-8")), "utf-8")
    print("0001_core.py is written. Format it: ruff format app/migrations/versions/0001_core.py")
    return 0


def _titled(source: str) -> str:
    return source.replace(
        '"""core"""', '"""The core\'s tables (generated: python -m app.host.baseline)."""', 1
    )


if __name__ == "__main__":
    sys.exit(main())
