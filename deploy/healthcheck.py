"""Exit code 0 when this Kith is ready to serve: asks /readyz on the loopback, under the name that Kith expects."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def ready() -> bool:
    """Whether /readyz answers 200 within five seconds."""
    port = int(os.environ.get("KITH_PORT") or os.environ.get("PORT") or 8000)
    public = urlsplit(os.environ.get("KITH_BASE_URL", "")).netloc
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": public} if public else {})
        return connection.getresponse().status == 200
    except (OSError, HTTPException) as error:
        print(f"port {port}: {error}", file=sys.stderr)
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not ready())
