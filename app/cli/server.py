"""The web server of `kith serve`: waitress, which stops without dropping anybody."""

from __future__ import annotations

import socket
import tempfile
from ipaddress import ip_address
from time import monotonic
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from app.cli import bodies
from app.config import Config, ConfigError

FINISH_S = 25.0
UPLOADING_S = 5.0
"""How long to wait for a request that is still being sent."""


def _arrive_on_disk(config: Config) -> None:
    """Let large uploads wait in the data folder: what is usual for that may be memory, as in a container."""
    folder = config.data / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


class Server:
    """One listening socket with its threads, at `address`. `stop` may be called from a signal handler."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._map: dict[int, Any] = {}
        _arrive_on_disk(config)
        self._socket = listening(config.host, config.port)
        self.address = address_of(self._socket)
        self._stopping = False
        self._server = create_server(
            app,
            map=self._map,
            sockets=[self._socket],
            threads=config.threads,
            ident=None,
            clear_untrusted_proxy_headers=False,  # the application judges them (KITH_TRUSTED_PROXIES)
            max_request_header_size=32 * 1024,
            connection_limit=1000,
            channel_timeout=60,
            asyncore_use_poll=True,
        )
        self._server.channel_class = bodies.channel(app, config)

    def run(self) -> None:
        """Serve until `stop` is called; then finish what is being answered, within 25 seconds."""
        while not self._stopping:
            self._turn(1.0)
        self._close_door()
        end = monotonic() + FINISH_S
        patience = monotonic() + UPLOADING_S
        while self._busy(monotonic() < patience) and monotonic() < end:
            self._turn(0.1)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=max(0.0, end - monotonic()))
        wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Ask the server to finish."""
        if not self._stopping:
            self._stopping = True
            self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _close_door(self) -> None:
        """Take those in who stand in the queue already, then refuse newcomers."""
        self._socket.setblocking(False)
        before = -1
        while before != len(self._map):
            before = len(self._map)
            self._server.handle_accept()
        self._server.del_channel(self._map)
        self._server.socket.close()

    def _busy(self, uploading: bool) -> bool:
        """Whether a request is being answered (or sent, if these count); connections without one are closed."""
        busy = False
        for channel in list(self._server.active_channels.values()):
            if channel.requests or channel.total_outbufs_len or (uploading and channel.request is not None):
                busy = True
            else:
                channel.will_close = True
        return busy


def address_of(listener: socket.socket) -> str:
    """Return the address to open, with the port that was really taken."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes a free one. Raises ConfigError with what to change."""
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise ConfigError(f"HOST “{host}” is no address of this machine ({error.strerror}).") from None
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(where)
        made.listen(1024)
    except OSError as error:
        made.close()
        raise ConfigError(
            f"{host}:{port} cannot be served ({error.strerror}). Set PORT to another number, or stop what uses it."
        ) from None
    return made
