"""What a start leaves out of memory: libraries that few processes need (decision 10)."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import arenas

LATE = ("alembic", "charset_normalizer", "holidays", "segno", "weasyprint", "xlsxwriter")

START = """
import sys
from app import create_app
create_app(env="test", data_dir=sys.argv[1], worker=False, secret_key="s" * 40)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_a_start_loads_no_library_that_few_pages_need(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=True
    )
    loaded = set(made.stdout.split())
    assert "flask" in loaded
    assert not loaded & set(LATE)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has a heap for each thread")
def test_threads_share_two_heaps() -> None:
    assert arenas.share()
