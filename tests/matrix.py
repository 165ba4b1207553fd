"""Write the table of routes × roles anew: `.venv/bin/python -m tests.matrix`. Look at its diff before you commit it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from app import create_app
from app.web.security.routes_check import matrix

FILE = Path(__file__).with_name("matrix.tsv")


def main() -> int:
    """Replace the file."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(env="test", data_dir=folder, database_url="", worker=False)
        FILE.write_text("\n".join(matrix(app)) + "\n", "utf-8")
    print(f"{FILE} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
