"""The API against its own document, by tools of others: `python -m tests.api_contract`.

Schemathesis sends what the document allows and what it does not, and looks for answers that do not stand there; a client
made by openapi-python-client makes, reads, changes and deletes a record of every kind. tests/web/api/test_contract.py
runs both: with few examples each time, with many in the long run.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from app.services import api_pace, api_tokens
from app.services.api_tokens import Wanted
from app.services.context import acting, for_user
from app.testing import plugins
from app.testing.factories import Make

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
DOCUMENT = "/api/v1/openapi.json"
BUNDLED = sorted(path.parent.name for path in Path(__file__).parents[1].glob("plugins/*/plugin.py"))
CLIENT = Path(__file__).with_name("api_client.py")


def main() -> int:
    """Serve an application with the bundled plugins and run both tools against it; 1 when one of them complains."""
    words = argparse.ArgumentParser(prog="python -m tests.api_contract", description=__doc__)
    here = Path(sys.executable).parent
    words.add_argument("--tools", type=Path, default=here, help="the bin folder of their environment")
    words.add_argument("--examples", type=int, default=10, help="for each operation and phase")
    words.add_argument(
        "--plugins", nargs="*", default=BUNDLED, help="those that are on; all bundled ones otherwise"
    )
    words.add_argument("--phases", default="examples,coverage,fuzzing,stateful", help="of schemathesis")
    chosen = words.parse_args()
    api_pace.LIMIT = 10**9
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder, plugins.app_with(Path(folder), *chosen.plugins) as app:
        token = prepared(app)
        with served(app) as address:
            document = Path(folder) / "openapi.json"
            asked = app.test_client().get(DOCUMENT, headers={"Authorization": f"Bearer {token}"})
            document.write_bytes(asked.data)
            wrong = client(chosen.tools, document, address, token)
            return wrong or schemathesis(chosen, Path(folder), address, token)


def prepared(app: Flask) -> str:
    """Make an administrator with a token, and some records; return the token."""
    with app.app_context():
        make = Make()
        user = make.user("admin")
        make.contact(given_name="Ana", family_name="Lima")
        make.company(name="Acme")
        ctx = for_user(user.id)
        with acting(ctx):
            token = api_tokens.create(ctx, user.id, Wanted(name="contract", scopes=["write"]))[1]
        db.session.remove()
    return token


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def client(tools: Path, document: Path, address: str, token: str) -> int:
    """Generate a client and let it work with every kind of record."""
    made = document.parent / "kith_client"
    generate = [str(tools / "openapi-python-client"), "generate", "--meta", "none", "--path", str(document)]
    subprocess.run([*generate, "--output-path", str(made)], check=True, stdout=subprocess.DEVNULL)
    run = [str(tools / "python"), str(CLIENT), str(document), address, token]
    return subprocess.run(run, cwd=document.parent, check=False).returncode


def schemathesis(chosen: argparse.Namespace, folder: Path, address: str, token: str) -> int:
    """Run schemathesis over the whole document; what it keeps goes into the folder."""
    run = [str(chosen.tools / "st"), "run", address + DOCUMENT, "-H", f"Authorization: Bearer {token}"]
    how = [
        "--checks",
        CHECKS,
        "--mode",
        "all",
        "-n",
        str(chosen.examples),
        "--phases",
        chosen.phases,
        "--seed",
        "1",
        "--continue-on-failure",
        "--request-timeout",
        "60",
    ]
    return subprocess.run([*run, *how], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
