"""What tests of pages share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.house import house


@pytest.fixture
def mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name a mail server, so that pages may promise mail; nothing is sent but by the queue."""
    kith = house(app)
    monkeypatch.setattr(kith, "config", replace(kith.config, smtp_url="smtp://127.0.0.1:2525"))
