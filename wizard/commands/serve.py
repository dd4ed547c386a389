"""``keypair-wizard serve``: serve the wizard until it is stopped, and say where it is."""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from wizard.audit import Audit
from wizard.secret_keys import VARIABLES
from wizard.settings import Settings, SettingsError

if TYPE_CHECKING:
    from wizard.commands.program import Subcommands
    from wizard.server.front import Front

EXIT_LISTEN = 1
FEW_FILES = (
    "This system allows the wizard {files:,} open files, and each connection is one. When many people can reach it, "
    "raise the hard limit (ulimit -Hn; in a container, --ulimit nofile=16384)."
)


class ListenError(Exception):
    """The address can't be listened on: the port is taken, say, or the host is none of this machine's."""

    def __init__(self, host: str, port: int, why: object) -> None:
        super().__init__(f"could not listen on {host} port {port}: {why}")


def add_to(commands: Subcommands) -> None:
    """Add this command and its options to the program's."""
    parser = commands.add_parser("serve", help="serve the wizard until it is stopped")
    parser.set_defaults(run=run)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080; 0 takes a free one)")
    parser.add_argument(
        "--practice",
        action=argparse.BooleanOptionalAction,
        help="bring a practice Snowflake along, to try the wizard with",
    )


def run(options: argparse.Namespace) -> int:
    """Serve, and return 0 after a clean stop, 1 for an address that can't be listened on.

    Raises :class:`SettingsError`.
    """
    given = {name: getattr(options, name) for name in ("host", "port", "practice")}
    try:
        return _serve(_with_port({name: value for name, value in given.items() if value is not None}))
    except ListenError as error:
        print(f"keypair-wizard: {error}", file=sys.stderr)
        return EXIT_LISTEN


def _with_port(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options of the command line with a port that is known: 0 is replaced by a free one."""
    settings = _settings(given)
    return {**given, "port": _listenable(settings.host, settings.port)}


def _settings(given: dict[str, Any]) -> Settings:
    if not 0 <= given.get("port", 0) <= 65535:
        raise SettingsError("--port takes a number from 0 to 65535.")
    environment = {**os.environ, **({"WIZARD_HOST": given["host"]} if "host" in given else {})}
    return replace(Settings.from_environment(environment), **given)


def _listenable(host: str, port: int) -> int:
    """Return the port, a free one for 0. Raises :class:`ListenError` before an address is told that isn't ours.

    The server would find out as well, and answer with a trace.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            found: int = probe.getsockname()[1]
            return found
    except (OSError, TypeError, ValueError) as error:  # a name that can't be looked up at all is one of the latter
        raise ListenError(host, port, getattr(error, "strerror", "") or error) from None


def address(settings: Settings) -> str:
    """Return the address at which this machine's browser finds the wizard."""
    scheme = "https" if settings.tls_certificate else "http"
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(settings.host, settings.host)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _load(given: dict[str, Any]) -> Front:
    """Make the application, in the process that serves it.

    That process may have been started anew (macOS) rather than forked, so it reads the settings for itself: a secret
    isn't handed from process to process.
    """
    gc.disable()  # nearly all that is loaded and made here stays
    from wizard.app import create_app
    from wizard.server.front import Front
    from wizard.web.forms import largest_body
    from wizard.web.lanes import lane_of

    Thread(target=_end_with, args=(os.getppid(),), name="end-with-parent", daemon=True).start()
    settings = _settings(given)
    app = create_app(settings)
    for variable in VARIABLES:  # they are read, and nothing else that runs here has business with them
        os.environ.pop(variable, None)
    gc.freeze()  # so no search for what can go has to look through it again
    gc.enable()
    return Front(
        app.wsgi_app,
        lane_of=lane_of,
        largest_body=largest_body(),
        threads=settings.threads,
        audit=app.extensions["audit"],
    )


def _end_with(parent: int) -> None:
    """End this process when the one that watches over it is gone (killed, out of memory): nobody else would stop it."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _serve(given: dict[str, Any]) -> int:
    # Imported here, so that --help and a wrong setting answer at once.
    from granian.errors import FatalError

    from wizard.server.sockets import GOOD_FILES, listening, raise_file_limit

    settings, files = _settings(given), raise_file_limit()
    audit = Audit()
    for advice in settings.advice:
        audit.record("advice", advice=advice)
    if files < GOOD_FILES:
        audit.record("advice", advice=FEW_FILES.format(files=files))
    server = listening(settings, files)
    with suppress(OSError):  # a full disk: the log says so (wizard.audit), and pages come all the same
        print(f"Snowflake key pair wizard: {settings.public_url or address(settings)}", flush=True)
        print(f"Practice Snowflake: {'on' if settings.practice else 'off'}", flush=True)
    try:
        server.serve(target_loader=partial(_load, given), wrap_loader=False)
    except (FatalError, OSError, RuntimeError) as error:  # somebody was quicker than our probe
        raise ListenError(settings.host, settings.port, str(error).partition("\n")[0]) from None
    return 0
