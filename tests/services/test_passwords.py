"""Passwords: what is refused, what is not, and that unknown users cost as much as known ones."""

from __future__ import annotations

import pytest

from app.kernel.errors import Invalid
from app.services import passwords


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Passw0rd!2026",
        "qwertyuiopasdf",
        "1234567890123",
        "aaaaaaaaaaaaaaa",
        "dragondragondragon",
        "abcabcabcabcabc",
        "!!!monkey!!!99",
        "x" * 1001,
    ],
)
def test_a_common_short_or_endless_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        "four words in a row",
        "kJ8#pQ2!vN5z",
        "correct horse battery",
        "83!29#0582&17",
        "größe über alles hinaus",
        "x7" * 3 + "plum tree harbour",
    ],
)
def test_a_password_of_any_characters_passes(password: str) -> None:
    passwords.check(password)


@pytest.mark.parametrize("password", ["ana.lima@acme.pt", "AnaLimaAcme2026", "acme-acme-ana"])
def test_a_password_made_of_what_everybody_knows_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password, ("Ana Lima", "ana.lima@acme.pt", "Acme"))


def test_a_hash_is_argon2id_with_the_parameters_of_the_bar() -> None:
    stored = passwords.hashed("four words in a row")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(stored, "four words in a row")
    assert not passwords.verify(stored, "four words in a raw")
    assert not passwords.outdated(stored)


def test_equal_looking_input_is_equal() -> None:
    assert passwords.verify(passwords.hashed("größe macht nichts"), "gro\u0308ße macht nichts")


def test_an_unknown_user_is_verified_against_a_dummy_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords.dummy()
    verified: list[str] = []
    real = passwords._hasher.verify

    class Spy:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return bool(real(stored, password))

    monkeypatch.setattr(passwords, "_hasher", Spy())
    assert not passwords.verify("", "no password fits this")
    assert verified == [passwords.dummy()]
