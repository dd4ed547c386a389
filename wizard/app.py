"""The wiring: settings in, a WSGI application out. The only module, beside the command line, that knows everybody."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from wizard import __version__
from wizard.audit import Audit
from wizard.checks.network import Network
from wizard.folders import folder
from wizard.handover import tools_by_group
from wizard.house import House
from wizard.practice.users import CLAIM, HOST
from wizard.settings import Settings
from wizard.snowflake import sql
from wizard.snowflake.key import FACE_WORD_LIST
from wizard.web import (
    assets,
    causes,
    csrf,
    done,
    downloads,
    drawing,
    errors,
    health,
    how_it_works,
    kept,
    key_commands,
    key_stores,
    key_words,
    lanes,
    limits,
    returns,
    rotate,
    security,
    service_user,
    share,
    start,
    steps,
    troubleshoot,
    which_key,
)
from wizard.web.client import client
from wizard.web.forms import largest_body
from wizard.web.session import JourneyCookie
from wizard.web.templating import Templates

if TYPE_CHECKING:
    from wizard.practice.practice import Practice

ACCENT_SHEET = "company/accent.css"


class Wizard(Flask):
    """Flask with the wizard's templates. All views and hooks are plain functions, of which Flask would make sure nine
    times a request.
    """

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    settings: Settings,
    *,
    now: Callable[[], float] = time.time,
    audit: Audit | None = None,
    network: Network | None = None,
) -> Flask:
    """Return the wizard. With ``settings.practice`` the practice Snowflake is started with it.

    ``now`` gives epoch seconds. ``network`` is what the connection test reaches Snowflake through; by default the
    real one, with the operator's trusted hosts and the practice Snowflake.
    """
    app = Wizard("wizard", static_folder=None, template_folder=str(folder("templates")))
    app.config.update(
        SECRET_KEY=settings.secret_key.reveal(),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=largest_body(),
        MAX_FORM_MEMORY_SIZE=largest_body(),
        MAX_FORM_PARTS=security.MOST_FIELDS,
    )
    app.session_interface = JourneyCookie(now)
    practising = _practice(now) if settings.practice else None
    if practising and settings.house.accounts:
        settings = replace(settings, house=settings.house.with_account("Practice Snowflake", CLAIM, (HOST,)))
    app.extensions.update(
        settings=settings,
        audit=audit or Audit(),
        assets=assets.Assets(
            folder("static"), {"vendor/face_words.txt": FACE_WORD_LIST.encode(), **_own(settings.house)}
        ),
        practice=practising,
        network=network or _network(settings, practising, now),
        vouched_hosts=(*settings.trusted_hosts, *((HOST,) if practising else ())),
        now=lambda: int(now()),
        clock=now,
    )
    _set_up_templates(app)
    _log_requests(app)
    security.protect(app, settings)
    errors.explain(app)
    limits.brake(app, settings.rate_limits)
    security.refuse_odd_forms(app)
    csrf.refuse_foreign_forms(app, exempt=("share.shared_verify", "troubleshoot.answer"))
    lanes.turn_away_where_full(app)
    drawing.keep_what_is_alike(app)
    for module in (
        assets,
        causes,
        done,
        downloads,
        health,
        how_it_works,
        kept,
        key_commands,
        key_stores,
        key_words,
        returns,
        rotate,
        service_user,
        share,
        start,
        steps,
        troubleshoot,
        which_key,
    ):
        app.register_blueprint(module.blueprint)
    if practising is not None:
        from wizard.web import practice

        app.register_blueprint(practice.blueprint)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]
    return app


def _practice(now: Callable[[], float]) -> Practice:
    from wizard.practice.practice import Practice  # a server of its own, and most wizards have none

    return Practice(now=now).start()


def _own(house: House) -> dict[str, bytes]:
    """Return the company's own files, by the names under which pages ask for them."""
    return {
        **({house.logo.name: house.logo.content} if house.logo else {}),
        **({ACCENT_SHEET: house.accent.sheet.encode()} if house.accent else {}),
    }


def _network(settings: Settings, practising: Practice | None, now: Callable[[], float]) -> Network:
    # A copy: the proxies and certificates of the start are those of the whole run.
    environment = dict(os.environ)
    if practising is None:
        return Network(trusted_hosts=settings.trusted_hosts, environment=environment, now=now, version=__version__)
    return Network(
        trusted_hosts=settings.trusted_hosts,
        practice=practising.endpoint_for,
        environment=environment,
        now=now,
        version=__version__,
    )


def _set_up_templates(app: Flask) -> None:
    served: assets.Assets = app.extensions["assets"]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.auto_reload = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        asset=served.url,
        integrity=served.integrity,
        key_scripts=[name for name in served.below("js/key") if name != which_key.SCRIPT],
        house=app.extensions["settings"].house,
        every_tool=tools_by_group(),
        accent_sheet=ACCENT_SHEET,
        practice_on=app.extensions["practice"] is not None,
        version=__version__,
        fragment=False,
        sql_account_identifier=sql.ACCOUNT_IDENTIFIER,
        sql_locator_and_region=sql.LOCATOR_AND_REGION,
    )


def _log_requests(app: Flask) -> None:
    audit: Audit = app.extensions["audit"]

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def end(response: Response) -> Response:
        # The rule, not the path: a path can hold what somebody pasted into the address bar, or a share link.
        found, now = request.url_rule, time.perf_counter()
        rule = found.rule if found is not None else ""
        if not rule.startswith(("/static/", "/healthz")):
            audit.record(
                "request",
                request=g.get("request_id", ""),
                method=request.method if rule else "",
                route=rule,
                status=response.status_code,
                milliseconds=round((now - g.get("began", now)) * 1000, 1),
                client=client(),
            )
        return response
