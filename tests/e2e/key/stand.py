"""What stands in for the wizard in the tests of the page's own keys.

It serves the real scripts and the real partials of the key and the test step, under the wizard's own headers, and
records every body that it is sent.
"""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, render_template_string, request, send_from_directory
from playwright.sync_api import Page
from werkzeug.serving import make_server

from wizard.house import House
from wizard.journey import Journey
from wizard.snowflake.account import read_account
from wizard.snowflake.key import FACE_WORD_LIST, PublicKey
from wizard.snowflake.login import Login
from wizard.web import key_commands, key_words
from wizard.web.drawing import NONCE_MARK
from wizard.web.forms import KeyForm
from wizard.web.security import HEADERS, POLICY
from wizard.web.templating import Templates

ROOT = Path(__file__).parents[3]

DOCUMENT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ slug }}</title>
<meta name="htmx-config" content='{"extensions":"hx-csp"}'>
<link rel="icon" href="/static/img/favicon.svg">
{% for script in ("vendor/htmx.min.js", "vendor/hx-csp.min.js") %}
<script src="/static/{{ script }}" nonce="{{ nonce() }}" defer></script>
{% endfor %}
{% for script in ("/static/js/app.js", "/drive.js") %}
<script src="{{ script }}" nonce="{{ nonce() }}" type="module"></script>
{% endfor %}
</head><body>
{% from "components/held_key.html" import held_key %}{{ held_key() }}
<div id="page"><main id="main" tabindex="-1" data-step="{{ slug }}"><h1 id="question">{{ slug }}</h1>
<p><a href="/steps/register">Leave</a></p>
<form method="post" action="/start-over"><button>Start over</button></form>
{% if slug == "key" %}
{% from "components/button.html" import button %}
{% from "components/choices.html" import choices %}
{% from "components/disclosure.html" import disclosure %}
{% from "components/field.html" import field %}
{% from "components/form.html" import form_open, form_close %}
{% from "components/icon.html" import icon %}
{% from "components/link_button.html" import page_link %}
{% include "key/ways.html" %}
{% elif slug == "test" %}{% include "test/browser.html" %}{% endif %}
</main></div>
<p id="notice" hidden></p><p id="announcer"></p><template id="key-scripts"></template>
</body></html>"""

MODULES = (
    "des",
    "face",
    "held",
    "make",
    "md5",
    "open",
    "passphrase",
    "pbes",
    "pem",
    "problem",
    "specification",
    "token",
)
# Modules under test are reached through the page: a policy with a nonce lets no evaluated code import anything.
DRIVE = (
    "".join(f'import * as {name} from "/static/js/key/{name}.js";\n' for name in MODULES)
    + f"""
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const text = (some) => btoa(Array.from(some, (byte) => String.fromCharCode(byte)).join(""));
globalThis.key = {{ {", ".join(MODULES)}, bytes, text }};
"""
)


class Stand:
    """What the application that stands in for the wizard was told, and where it is."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[tuple[str, dict[str, list[str]]]] = []
        self.journey_key: PublicKey | None = None
        self.clock_ahead = 0.0

    def posted(self, path: str) -> dict[str, list[str]]:
        found = [body for where, body in self.bodies if where == path]
        assert found, f"nothing was posted to {path}"
        return found[-1]

    @property
    def login(self) -> Login:
        assert self.journey_key
        return Login(read_account("myorg-my_acct"), "jane", self.journey_key)


def _application(stand: Stand) -> Flask:
    app = Flask("stand", template_folder=str(ROOT / "templates"), static_folder=None)
    app.jinja_environment = Templates
    steps = Blueprint("steps", "steps")

    def nonce() -> str:
        if "nonce" not in g:
            g.nonce = secrets.token_urlsafe(12)
        return str(g.nonce)

    app.jinja_env.globals.update(
        asset=lambda name: f"/static/{name}",
        nonce=lambda: NONCE_MARK,
        csrf_token=lambda: "a-csrf-token",
        at=lambda slug: f"/steps/{slug}",
    )

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        response.headers["Cache-Control"] = "no-store"
        return response

    @steps.get("/steps/<slug>", endpoint="step")
    def step(slug: str) -> str:
        login = stand.login if stand.journey_key else None
        drawn = render_template_string(
            DOCUMENT,
            slug=slug,
            journey=Journey(),
            form=KeyForm(data={"source": "server"}),
            may_receive_secrets=True,
            house=House(),
            next_href="/steps/test",
            login=login,
            test_slug="test",
            server_time=time.time() + stand.clock_ahead,
        )
        return drawn.replace(NONCE_MARK, nonce())

    @steps.post("/steps/<slug>", endpoint="answer")
    def answer(slug: str) -> Any:
        stand.bodies.append((request.path, request.form.to_dict(flat=False)))
        if slug == "key":
            stand.journey_key = PublicKey.from_base64(request.form["public_key"])
            return redirect("/steps/test", 303)
        return redirect("/steps/handover", 303)

    test = Blueprint("test", __name__)

    @test.post("/steps/test/clock")
    def clock() -> dict[str, Any]:
        return {"server_time": time.time() + stand.clock_ahead, "snowflake_ahead": 0, "measured": "a-signed-word"}

    steps.register_blueprint(test)

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        if name == "vendor/face_words.txt":
            return Response(FACE_WORD_LIST, content_type="text/plain")
        return send_from_directory(ROOT / "static", name)

    @app.get("/drive.js")
    def drive() -> Response:
        return Response(DRIVE, content_type="text/javascript")

    @app.post("/start-over")
    def start_over() -> Any:
        return redirect("/steps/key", 303)

    app.register_blueprint(steps)
    app.register_blueprint(key_words.blueprint)
    app.register_blueprint(key_commands.blueprint)
    return app


@contextmanager
def standing() -> Iterator[Stand]:
    stand = Stand()
    server = make_server("127.0.0.1", 0, _application(stand), threaded=True)
    stand.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


OPEN = """async ([file, passphrase]) => {
  try {
    const { publicKey, form, notes } = await key.open.openKey(key.bytes(file), passphrase);
    return { fingerprint: publicKey.fingerprint, base64: publicKey.base64, bits: publicKey.bits, form, notes };
  } catch (problem) {
    if (!(problem instanceof key.problem.KeyProblem)) throw problem;
    return key.problem.inWords(problem);
  }
}"""


def open_in(page: Page, data: bytes, passphrase: str = "") -> dict[str, Any]:
    """What the page says to a key file: its fingerprint, form and notes, or code, message and fix."""
    found: dict[str, Any] = page.evaluate(OPEN, [text_of(data), passphrase])
    return found
