"""The commands of an operator, one after another, as in a real life."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from app.cli import COMMANDS, kith, known
from app.config import ConfigError, load
from app.kernel.errors import Invalid

Run = Callable[..., Result]
PASSWORD = "seven harbour lanterns"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(kith, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"kith {name}" in result.output.partition("Example")[2]


def test_the_version_is_told_from_a_checkout_too() -> None:
    said = CliRunner().invoke(kith, ["--version"])
    assert said.exit_code == 0, said.output
    assert re.fullmatch(r"\d+\.\d+\.\d+", said.output.strip())


def test_help_needs_neither_database_nor_framework() -> None:
    program = (
        "import sys; from app.cli import kith\n"
        "try: kith(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('flask', 'sqlalchemy', 'waitress') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


def test_from_nothing_to_a_restored_backup(run: Run, installation: Path, tmp_path: Path) -> None:
    assert "Run “kith db upgrade” first" in run("users", "list", fails=True).output
    who = ["--name", "Ana Lima", "--email", "ana@example.org"]
    weak = run("init", *who, env={"KITH_INIT_PASSWORD": "1234"}, fails=True)
    assert isinstance(weak.exception, Invalid)
    run("init", *who, env={"KITH_INIT_PASSWORD": PASSWORD})
    assert "There are users already" in run("init", *who, fails=True).output
    assert "up to date" in run("db", "current").output

    invited = run("users", "add", "rui@example.org", "--name", "Rui Faria", "--team", "north", fails=True)
    assert isinstance(invited.exception, Invalid), "there is no such team"
    link = run("users", "add", "rui@example.org", "--name", "Rui Faria").output
    assert "/invite/" in link
    run("users", "reset-password", "ana@example.org", input=f"{PASSWORD}s\n{PASSWORD}s\n")
    assert "There is no user" in run("users", "deactivate", "nobody@example.org", fails=True).output
    run("users", "deactivate", "rui@example.org", "--hand-over-to", "ana@example.org")
    listed = run("users", "list").output
    assert [line.split()[0] for line in listed.splitlines()] == ["ana@example.org", "rui@example.org"]
    assert "inactive" in listed

    taken = run("backup", "--to", str(tmp_path)).output.split()[0]
    assert "The backup is whole" in run("backup", "verify", taken).output
    assert "--force" in str(run("restore", taken, fails=True).exception)
    users_now(installation, "DELETE FROM recovery_code")
    run("restore", taken, "--force")
    assert run("users", "list").output == listed


def users_now(installation: Path, statement: str) -> None:
    """Change the database behind the program's back."""
    engine = create_engine(load().database)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_doctor_names_what_is_wrong_and_what_to_do(run: Run, installation: Path) -> None:
    assert "Run “kith db upgrade”" in run("doctor", fails=True).output
    run("db", "upgrade")
    assert "FAIL" not in run("doctor").output
    users_now(
        installation,
        "INSERT INTO blob (sha256, storage_name, size, media_type, created_at)"
        " VALUES ('x', 'abcdef', 7, 'text/plain', '2026-01-01')",
    )
    installation.chmod(0o755)
    said = run("doctor", fails=True).output
    assert "FAIL  Files: 1 file is missing" in said
    assert "chmod 700" in said


@pytest.mark.parametrize("address", ["", "http://crm.example.org"])
def test_doctor_says_like_the_banner_that_passwords_travel_in_clear_text(
    address: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_ENV", "production")
    monkeypatch.setenv("KITH_SECRET_KEY", "a secret of production that nobody else has")
    monkeypatch.setenv("KITH_BASE_URL", address)
    run("db", "upgrade")
    assert "warn  Settings" in (said := run("doctor").output)
    assert "passwords travel in clear text" in said

    monkeypatch.setenv("KITH_BASE_URL", "https://crm.example.org")
    assert "clear text" not in run("doctor").output


def test_a_newer_database_is_refused_with_a_sentence(run: Run, installation: Path) -> None:
    run("db", "upgrade")
    users_now(installation, "UPDATE kith_version SET version_num = '9999'")
    for words in (["serve", "--port", "0"], ["worker"], ["db", "upgrade"], ["users", "list"]):
        refused = run(*words, fails=True).exception
        assert isinstance(refused, Exception)
        assert "newer version" in (known(refused) or "")


def test_pending_migrations_run_after_a_backup(run: Run, installation: Path) -> None:
    run("db", "upgrade")
    assert list(installation.glob("backups/*")) == []
    users_now(installation, "UPDATE kith_version SET version_num = '0001'")
    run("db", "upgrade", fails=True)
    assert [path.name.partition("-before")[2] for path in installation.glob("backups/kith-*")] == [
        "-upgrade.tar.gz"
    ]


def test_config_shows_everything_but_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_SMTP_URL", "smtp://crm:hidden@mail.example.org")
    monkeypatch.setenv("KITH_SALES__TOKEN", "hidden too")
    said = run("config").output
    assert "hidden" not in said
    lines = {line.split()[0]: line for line in said.splitlines()}
    assert "(set)" in lines["KITH_SMTP_URL"]
    assert "(not set)" in lines["KITH_SECRET_KEY"]
    assert "(set)" in lines["KITH_SALES__TOKEN"]
    assert "(changed)" in lines["KITH_ENV"]


def test_what_the_operator_can_mend_is_one_sentence(tmp_path: Path) -> None:
    assert known(ConfigError("KITH_PROT is no setting.")) == "KITH_PROT is no setting."
    assert "permissions" in (known(PermissionError(13, "Permission denied", str(tmp_path))) or "")
    assert known(ZeroDivisionError("a bug")) is None


def test_a_word_that_is_no_command_is_refused(run: Run) -> None:
    assert "No such command" in run("sevre", fails=True).output


def test_the_demo_comes_once_and_goes_without_a_trace(
    run: Run, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import demo as command
    from app.demo import build

    monkeypatch.setattr(build, "CONTACTS", 61)
    monkeypatch.setattr(command.serve, "run", lambda app, greet: greet("http://127.0.0.1:1"))
    first = run("demo").output
    assert "administrator" in first
    assert "kith demo demo" in first
    again = run("demo").output
    assert "Adding" not in again
    assert again.count("@northlight.example") == 4
    engine = create_engine(load().database)
    with engine.begin() as connection:
        before = connection.execute(text("SELECT count(*) FROM contact")).scalar()
    assert before is not None
    assert before >= 61
    run("demo", "--clear")
    with engine.begin() as connection:
        for table in ("contact", "company", "interaction", "task", "user", "team"):
            assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar() == 0, table
    engine.dispose()


def test_on_a_public_address_the_demo_passwords_are_random(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.cli import demo as command
    from app.demo import build

    given: list[str] = []

    def made(ctx: object, *, password: str, say: object) -> list[build.Login]:
        given.append(password)
        return [build.Login(email="amina@northlight.example", password=password, role="administrator")]

    monkeypatch.setattr(build, "build", made)
    monkeypatch.setattr(command.serve, "run", lambda app, greet: greet("http://127.0.0.1:1"))
    said = [run("demo", "--host", "0.0.0.0").output for _time in range(2)]
    assert len(set(given)) == 2
    assert all(len(password) >= 16 and password in text for password, text in zip(given, said, strict=True))


def test_an_address_book_is_imported_for_somebody(run: Run, installation: Path, tmp_path: Path) -> None:
    card = tmp_path / "ana.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Lima\nN:Lima;Ana;;;\nEMAIL:ana@acme.example\nEND:VCARD\n"
    )
    run("db", "upgrade")
    assert "There is no administrator yet" in run("import", str(card), fails=True).output
    run("init", "--name", "Rui Faria", "--email", "rui@example.org", env={"KITH_INIT_PASSWORD": PASSWORD})
    assert "would be 1 created" in run("import", str(card), "--dry-run").output
    assert "1 created" in run("import", str(card)).output
    assert "0 created, 0 updated, 1 skipped" in run("import", str(card)).output
    engine = create_engine(load().database)
    with engine.connect() as connection:
        query = 'SELECT u.email FROM contact c JOIN "user" u ON u.id = c.owner_id'
        assert connection.execute(text(query)).scalars().all() == ["rui@example.org"]
    engine.dispose()
