"""When not even the page of an error can be made."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web import errors


def test_an_error_whose_page_breaks_is_told_in_plain_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **values: object) -> str:
        raise RuntimeError("the template is gone")

    monkeypatch.setattr(errors, "render_template", broken)
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "the template is gone" not in answer.text
    assert "Try again in a moment" in answer.text
