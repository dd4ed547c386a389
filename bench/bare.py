"""The least that Flask can do: one page, from memory. What the wizard's rate is compared with.

Run as ``python -m bench.bare PORT SIZE``; the server's settings are those of ``wizard/cli.py``.
"""

from __future__ import annotations

import sys
from functools import partial

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

THREADS = 8


def application(size: int) -> Flask:
    app = Flask("bare", static_folder=None)
    page = "<!doctype html>".ljust(size, "x")

    @app.get("/")
    def index() -> str:
        return page

    return app


def main(port: int, size: int) -> None:
    Granian(
        "bare",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=max(64, THREADS * 8),
        log_enabled=False,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, keep_alive=True),
    ).serve(target_loader=partial(application, size), wrap_loader=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
