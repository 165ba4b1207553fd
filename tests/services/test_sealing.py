"""Secrets at rest: bound to their place, noticed when touched, readable under the former key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.house import house
from app.services import sealing


def test_a_sealed_value_opens_in_its_own_place_only(app: Flask) -> None:
    sealed = sealing.seal("totp", b"seed", bound="user|1")
    assert sealing.unseal("totp", sealed, bound="user|1") == b"seed"
    assert b"seed" not in sealed
    for purpose, place in (("totp", "user|2"), ("mail", "user|1")):
        with pytest.raises(sealing.Unsealable):
            sealing.unseal(purpose, sealed, bound=place)


@pytest.mark.parametrize("position", [0, 1, 6, 20, -1])
def test_one_flipped_bit_is_noticed(app: Flask, position: int) -> None:
    sealed = bytearray(sealing.seal("totp", b"seed", bound="user|1"))
    sealed[position] ^= 1
    with pytest.raises(sealing.Unsealable):
        sealing.unseal("totp", bytes(sealed), bound="user|1")


def test_the_former_key_still_opens_and_is_told_apart(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kith = house()
    sealed, mac = sealing.seal("totp", b"seed", bound="x"), sealing.mac("csrf", "a")
    former = kith.config.secret_key
    monkeypatch.setattr(
        kith, "config", replace(kith.config, secret_key="a new secret", secret_key_old=former)
    )
    assert sealing.unseal("totp", sealed, bound="x") == b"seed"
    assert not sealing.is_current("totp", sealed)
    assert sealing.verify_mac("csrf", mac, "a")
    monkeypatch.setattr(kith, "config", replace(kith.config, secret_key_old=""))
    assert not sealing.verify_mac("csrf", mac, "a")
    with pytest.raises(sealing.Unsealable, match="KITH_SECRET_KEY_OLD"):
        sealing.unseal("totp", sealed, bound="x")
