"""Settings: where they come from, what folders they mean, and what they refuse with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import paths
from app.config import ConfigError, load, secret_key


def test_the_data_folder_does_not_depend_on_where_a_command_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({}).data == paths.ROOT / "var"


def test_a_folder_in_a_file_is_below_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "etc" / "kith.toml"
    file.parent.mkdir()
    file.write_text('data_dir = "data"\nplugin_dirs = ["ours", "/opt/plugins"]\n')
    monkeypatch.chdir("/")
    found = load({"KITH_CONFIG": str(file)})
    assert found.data == file.parent / "data"
    assert found.plugin_dirs == (str(file.parent / "ours"), "/opt/plugins")


def test_a_folder_typed_at_the_terminal_is_below_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({"KITH_DATA_DIR": "here"}).data == tmp_path / "here"


def test_the_environment_holds_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "kith.toml"
    file.write_text('threads = 3\nhost = "0.0.0.0"\n')
    found = load({"KITH_CONFIG": str(file), "KITH_THREADS": "5"})
    assert (found.threads, found.host, found.backup_keep) == (5, "0.0.0.0", 7)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KITH_PROT", "1", "Did you mean KITH_PORT?"),
        ("KITH_PORT", "http", "must be a whole number"),
        ("KITH_ENV", "prod", "must be development, demo, production or test"),
        ("KITH_LOG_LEVEL", "loud", "must be DEBUG, INFO, WARNING, ERROR or CRITICAL"),
        ("KITH_LOG_FORMAT", "xml", "must be text or json"),
        ("KITH_TRASH_DAYS", "-1", "must be 0 or more"),
        ("KITH_SESSION_IDLE_HOURS", "0", "must be 1 or more"),
        ("KITH_BACKUP_AT", "25:00", "must be a time like 03:30, or empty"),
        ("KITH_BASE_URL", "crm.example.org", "must start with https://"),
        ("KITH_DATABASE_URL", "mysql://root:hidden@db/x", "must start with postgresql://"),
        ("KITH_SMTP_URL", "mail.example.org:587", "must start with smtp:// or smtps://"),
        ("PORT", "http", "^PORT must be a whole number"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_write(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        load({name: value})


def test_a_level_of_the_log_may_be_written_small_and_a_backup_time_be_empty() -> None:
    found = load({"KITH_LOG_LEVEL": "debug", "KITH_BACKUP_AT": ""})
    assert (found.log_level, found.backup_at) == ("DEBUG", "")


def test_production_needs_a_secret_of_its_own() -> None:
    with pytest.raises(ConfigError, match="Set KITH_SECRET_KEY"):
        load({"KITH_ENV": "production", "KITH_SECRET_KEY": "changeme"})


def test_a_data_folder_that_is_made_is_nobody_elses(tmp_path: Path) -> None:
    config = load({"KITH_DATA_DIR": str(tmp_path / "data")})
    assert secret_key(config) == secret_key(config)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
