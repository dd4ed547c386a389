"""The page that a load balancer or a container's health check asks for."""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer ``ok``: the server runs and can answer. It keeps no state whose health could differ from that."""
    return Response("ok", content_type="text/plain; charset=utf-8")
