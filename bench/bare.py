"""The least that Flask can do: one page, from memory. What the wizard's rate is compared with.

Run as ``python -m bench.bare PORT SIZE``; served as the wizard's own pages are.
"""

from __future__ import annotations

import sys
from functools import partial

from flask import Flask

from wizard.audit import Audit
from wizard.secret import Secret
from wizard.server.front import Front
from wizard.server.sockets import listening, raise_file_limit
from wizard.settings import Settings
from wizard.web.lanes import AT_ONCE


def application(size: int) -> Front:
    app = Flask("bare", static_folder=None)
    page = "<!doctype html>".ljust(size, "x")

    @app.get("/")
    def index() -> str:
        return page

    return Front(app.wsgi_app, lane_of=lambda *_: AT_ONCE, largest_body=0, threads=3, audit=Audit())


def main(port: int, size: int) -> None:
    settings = Settings(Secret("of no use here"), port=port)
    listening(settings, raise_file_limit()).serve(target_loader=partial(application, size), wrap_loader=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
