"""Where `next` may lead."""

from __future__ import annotations

import pytest

from app.web.security.redirects import local_path


@pytest.mark.parametrize(
    "path", ["/", "/contacts?f=owner:is:me", "/contacts/7#log", "/search?q=https://acme.pt"]
)
def test_paths_of_ours_pass(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "contacts",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " /contacts",
        "/contacts\x00",
        "///evil.example",
        "//[",
    ],
)
def test_anything_else_does_not(target: str | None) -> None:
    assert local_path(target) is None
