"""Browsers in words their owners recognise."""

from __future__ import annotations

import pytest

from app.formats.browsers import browser

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        (f"{MAC} Version/17.4 Safari/605.1.15", "Safari · macOS"),
        (f"{MAC} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0", "Edge · macOS"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) CriOS/124.0 Safari/604.1",
            "Chrome · iPhone",
        ),
        (
            "MyAddressBook/2.0 (something long that nobody needs to read)",
            "MyAddressBook/2.0 (something long that n",
        ),
        ("", ""),
    ],
)
def test_browser(agent: str, words: str) -> None:
    assert browser(agent) == words
