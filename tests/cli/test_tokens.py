"""`kith tokens`: made, listed, revoked at the terminal."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    run(
        "init",
        "--name",
        "Ana Lima",
        "--email",
        "ana@example.org",
        env={"KITH_INIT_PASSWORD": "seven harbour lanterns"},
    )
    told = ("tokens", "add", "Website form", "--user", "ana@example.org")
    token = run(*told, "--scope", "contact:write", "--days", "30").output.strip().splitlines()[-1]
    assert token.startswith("kith_")
    listed = run("tokens", "list").output
    assert token not in listed
    assert f"…{token[-4:]}" in listed
    assert "contact:write" in listed
    number = next(line.split()[0] for line in listed.splitlines() if token[-4:] in line)
    assert "is revoked" in run("tokens", "revoke", number).output
    assert "revoked" in run("tokens", "list").output
    assert run(*told, "--scope", "everything", fails=True).exit_code != 0
    assert "no user" in run("tokens", "add", "x", "--user", "rui@example.org", fails=True).output
