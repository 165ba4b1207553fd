"""The API against its own document by tools that others wrote: see `tests.api_contract`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def contract(*words: str) -> tuple[int, str]:
    """Run the tools in a process of their own; return how it ended and what they said."""
    run = [sys.executable, "-m", "tests.api_contract", *words]
    made = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    return made.returncode, (made.stdout + made.stderr)[-6000:]


def test_a_generated_client_works_and_no_answer_is_undocumented() -> None:
    """Every kind of record is made, read, changed and deleted by a generated client; every operation is asked oddly."""
    ended, said = contract("--phases", "fuzzing", "--examples", "1", "--plugins", "gifts", "sales")
    assert ended == 0, said


@pytest.mark.long
def test_many_odd_requests_find_no_answer_that_is_undocumented() -> None:
    """The same in every phase with all bundled plugins on, with many examples."""
    ended, said = contract("--examples", "50")
    assert ended == 0, said
