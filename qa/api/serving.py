"""Listens on a port and serves until it is told to stop, then ends what was begun; knows nothing of the endpoints."""

import asyncio
import errno
import gc
import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI

from qa.api.application import service_of
from qa.errors import ConfigError, PortInUse

ENDING_SECONDS = 20.0  # in which answers that were begun are given to their end
KEEP_SECONDS = 30  # of an idle connection: longer than clients keep theirs (5 s), or both would meet in the middle
CLOSING_SECONDS = 1  # then: an open page keeps a connection, and would never end it


def claim_port(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; 0 picks a free one.

    Raises `PortInUse`, and `ConfigError` when the address cannot be used at all.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        claimed = socket.socket(family, kind, protocol)
        try:
            claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            claimed.bind(address)
            claimed.listen()
        except OSError:
            claimed.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"port {port} on {host} is in use", "take a free one: `qa serve --port 0`") from error
        hint = "`qa serve --host 127.0.0.1 --port 0`"
        raise ConfigError(f"cannot listen on {host}, port {port}: {error.strerror}", hint) from error
    return claimed


def is_loopback(host: str) -> bool:
    """Whether an address, or a name, leads to this machine alone."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def serve_on(claimed: socket.socket, app: FastAPI, announce: Callable[[str], None] = lambda _: None) -> None:
    """Serves `app` on a claimed port until interrupted or terminated, which is no failure.

    Tells `announce` the address once it answers. Told to stop, it takes no new connection and gives the answers that
    it has begun to their end, for `ENDING_SECONDS` at most.
    """
    gc.collect()
    gc.freeze()  # else every full collection looks through all that the libraries have loaded: a seventh of an answer
    with suppress(KeyboardInterrupt):  # uvicorn has shut down by then, and raises it again or not
        Server(claimed, app, announce).run(sockets=[claimed])


class Server(uvicorn.Server):
    """A server that tells its address, and ends gracefully."""

    def __init__(self, claimed: socket.socket, app: FastAPI, announce: Callable[[str], None] = lambda _: None) -> None:
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_level="warning",
            server_header=False,
            timeout_keep_alive=KEEP_SECONDS,
            timeout_graceful_shutdown=CLOSING_SECONDS,
        )
        super().__init__(config)
        self._address = _address(claimed)
        self._announce = announce
        self.service = service_of(app)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's; the address is told when it answers."""
        await super().startup(sockets)
        self._announce(self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, after what was begun."""
        self.service.ending = True
        for server in self.servers:
            server.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                while self.service.busy and not self.force_exit:
                    await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def _address(claimed: socket.socket) -> str:
    host, port = claimed.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
