"""Settings of plugins: over their defaults, typed, locked by the environment, secret ones sealed, users' own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from wtforms import BooleanField, DateField, DecimalField, Form, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange

from app.extensions import db
from app.house import house
from app.kernel.errors import Invalid, NotAllowed
from app.kernel.guard import Surface, must
from app.models import AuditRow, Setting
from app.sdk import Plugin
from app.sdk.web import SecretField
from app.services import plugin_forms, plugin_settings, secrets, secrets_rotation, settings
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

KEY = "sk-live-8f3a"


class ShopSettings(Form):
    rate = DecimalField("Rate", default=Decimal("0.10"))
    days = IntegerField("Days", [NumberRange(min=1, max=90, message="From 1 to 90 days.")], default=7)
    pay_by = SelectField(
        "Pay by", choices=[SelectChoice("card", "Card"), SelectChoice("bank", "Bank")], default="card"
    )
    strict = BooleanField("Strict", default=True)
    since = DateField("Since")
    greeting = StringField("Greeting", default="Hello")
    api_key = SecretField("API key")


class ShopOfUser(Form):
    greeting = StringField("Greeting", [Length(max=20, message="At most 20 letters.")])
    token = SecretField("Token")


class Shop(Plugin):
    """A shop."""

    name = "shop"
    settings = ShopSettings
    user_settings = ShopOfUser


@pytest.fixture(autouse=True)
def shop(app: Flask) -> Iterator[None]:
    secrets.path(house().config).unlink(missing_ok=True)
    with temporary_plugin(app, Shop):
        yield


def save(make: Make, values: Mapping[str, Any], **more: Any) -> None:
    plugin_settings.save(make.ctx(make.user("admin")), "shop", values, **more)


def of(make: Make) -> settings.Values:
    return plugin_settings.of(make.ctx(), "shop")


def stored(key: str) -> str:
    return str(db.session.execute(select(Setting.value).where(Setting.key == key)).scalar_one())


def test_until_somebody_changes_them_the_defaults_hold(make: Make) -> None:
    found = of(make)

    assert (found.rate, found.days, found.strict, found.since) == (Decimal("0.10"), 7, True, None)
    assert found.api_key == ""


def test_values_keep_their_type(make: Make) -> None:
    save(make, {"rate": Decimal("0.25"), "days": 3, "strict": False})

    found = of(make)
    assert (found.rate, found.days, found.strict) == (Decimal("0.25"), 3, False)
    assert found.greeting == "Hello"


def test_names_that_it_does_not_have_are_refused(make: Make) -> None:
    with pytest.raises(Invalid, match="no setting “dayz”"):
        save(make, {"dayz": 3})
    assert of(make).days == 7


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"days": 91}, "From 1 to 90 days."),
        ({"days": "soon"}, "Not a valid integer value."),
        ({"pay_by": "shells"}, "Not a valid choice."),
    ],
)
def test_what_its_form_refuses_is_refused_whoever_sends_it(make: Make, values: Any, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(make, {"greeting": "Hi", **values})

    assert refused.value.problems == {next(iter(values)): said}
    assert of(make).greeting == "Hello"


def test_what_its_form_for_users_refuses_is_refused_too(make: Make) -> None:
    with pytest.raises(Invalid, match="At most 20 letters"):
        plugin_settings.save_own(make.ctx(make.user()), "shop", {"greeting": "Hello" * 5})


def test_only_who_looks_after_plugins_changes_them(make: Make) -> None:
    with pytest.raises(NotAllowed):
        plugin_settings.save(make.ctx(make.user("manager")), "shop", {"days": 1})


def test_while_its_code_runs_a_plugin_reads_its_own_settings_and_the_core_the_sites(make: Make) -> None:
    save(make, {"days": 3})
    ctx = make.ctx()

    def own() -> tuple[Any, Any, Any]:
        return ctx.settings.days, ctx.settings.get("strict"), ctx.settings.company

    assert must(own, owner="shop", surface=Surface.PAGE, item="x") == (3, True, "Kith")
    assert ctx.settings.get("days") is None
    with pytest.raises(AttributeError):
        _ = ctx.settings.days


def test_a_user_chooses_for_himself_and_else_has_what_the_site_has(make: Make) -> None:
    ana, ben = make.user(), make.user()
    save(make, {"greeting": "Bonjour"})
    plugin_settings.save_own(make.ctx(ana), "shop", {"greeting": "Olá", "token": "t1"})

    assert plugin_settings.of_user(make.ctx(ana), "shop").greeting == "Olá"
    assert plugin_settings.of_user(make.ctx(ana), "shop").token == "t1"
    assert plugin_settings.of_user(make.ctx(ben), "shop").greeting == "Bonjour"
    ctx = make.ctx(ana)
    assert must(lambda: ctx.settings.greeting, owner="shop", surface=Surface.PAGE, item="x") == "Olá"
    assert of(make).greeting == "Bonjour"


# ---------------------------------------------------------------- the environment


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(**values: str) -> None:
        config = replace(house().config, plugin_settings={"shop": values})
        monkeypatch.setattr(house(), "config", config)

    return put


def test_the_environment_wins_and_locks(make: Make, environment: Any) -> None:
    save(make, {"days": 3})
    environment(days="12", rate="0.5", strict="0", api_key=KEY)

    found = of(make)
    assert (found.days, found.rate, found.strict, found.api_key) == (12, Decimal("0.5"), False, KEY)
    with pytest.raises(Invalid, match="KITH_SHOP__DAYS sets this on the server"):
        save(make, {"days": 5})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"dayz": "3"}, "Did you mean KITH_SHOP__DAYS?"),
        ({"days": "many"}, "KITH_SHOP__DAYS is refused (“many”)"),
        ({"strict": "perhaps"}, "must be 1 or 0"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(values: dict[str, str], said: str, app: Flask) -> None:
    assert said in " ".join(plugin_forms.wrong("shop", ShopSettings, values))
    assert plugin_forms.wrong("shop", ShopSettings, {"days": "3", "strict": "on"}) == []


# ---------------------------------------------------------------- secrets


def test_a_secret_is_sealed_and_its_key_is_beside_the_database(make: Make) -> None:
    save(make, {"api_key": KEY})

    assert of(make).api_key == KEY
    assert KEY not in stored("api_key")
    assert KEY not in repr(of(make).raw("api_key"))
    file = secrets.path(house().config)
    assert file.stat().st_mode & 0o777 == 0o600
    noted = db.session.execute(select(AuditRow.detail)).scalars().all()
    assert not [text for text in noted if KEY in str(text)]


def test_an_empty_secret_stays_as_it_is_and_is_removed_only_when_asked(make: Make) -> None:
    save(make, {"api_key": KEY})
    save(make, {"api_key": ""})
    assert of(make).api_key == KEY

    save(make, {"api_key": ""}, clear=["api_key"])
    assert of(make).api_key == ""


def test_a_secret_opens_in_its_own_place_only(make: Make) -> None:
    save(make, {"api_key": KEY, "greeting": "x"})
    ctx = make.ctx()
    with ctx.unit():
        row = ctx.session.execute(select(Setting).where(Setting.key == "api_key")).scalar_one()
        row.key = "greeting2"
        settings.bump(ctx, "settings")

    assert [one.opens for one in secrets_rotation.every(make.ctx())] == [False]
    assert secrets_rotation.healthy(make.ctx()).state == "fail"


def test_without_the_key_file_a_secret_is_lost_and_said_so_never_made_up(make: Make) -> None:
    save(make, {"api_key": KEY})
    secrets.path(house().config).rename(secrets.path(house().config).with_suffix(".away"))

    with pytest.raises(secrets.SecretLost, match=r"secrets\.key"):
        _ = of(make).api_key
    assert "shop.api_key" in str(secrets_rotation.healthy(make.ctx()).message)
    with pytest.raises(secrets.SecretLost):
        secrets_rotation.rotate(make.ctx())

    secrets.path(house().config).with_suffix(".away").rename(secrets.path(house().config))
    assert of(make).api_key == KEY


def test_rotation_seals_everything_anew_and_keeps_the_former_key_for_backups(make: Make) -> None:
    save(make, {"api_key": KEY})
    plugin_settings.save_own(make.ctx(make.user()), "shop", {"token": "t1"})
    before, former = stored("api_key"), secrets.fingerprints(house().config)

    assert secrets_rotation.rotate(make.ctx()) == 2

    assert stored("api_key") != before
    assert of(make).api_key == KEY
    assert list(secrets.fingerprints(house().config))[1:] == list(former)

    assert secrets_rotation.rotate(make.ctx(), forget=True) == 2
    assert len(secrets.fingerprints(house().config)) == 1
    assert of(make).api_key == KEY
    assert plugin_settings.of_user(make.ctx(), "shop").has("token")


def test_a_key_file_that_others_can_read_is_reported(make: Make) -> None:
    save(make, {"api_key": KEY})
    secrets.path(house().config).chmod(0o644)

    assert "chmod 600" in str(secrets_rotation.healthy(make.ctx()).message)


def test_a_damaged_key_file_is_said_so_and_never_replaced(make: Make) -> None:
    save(make, {"api_key": KEY})
    file: Path = secrets.path(house().config)
    text = file.read_text()
    file.write_text("nonsense\n")

    with pytest.raises(secrets.SecretLost, match="holds no keys"):
        save(make, {"api_key": "other"})
    assert file.read_text() == "nonsense\n"
    file.write_text(text)
