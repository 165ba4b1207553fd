"""Kith on the home screen."""

from __future__ import annotations

from flask import Flask

from app.services import settings
from app.testing.factories import Make


def test_the_home_screen_shows_the_companys_name_and_icons_that_exist(make: Make, app: Flask) -> None:
    settings.save(make.ctx(), {"company": "Lima & Filhos"})
    client = app.test_client()
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.json is not None
    assert answer.json["short_name"] == "Lima & Filhos"
    for icon in answer.json["icons"]:
        with client.get(icon["src"]) as found:
            assert found.status_code == 200
