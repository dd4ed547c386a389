"""Which walk a request is about, and the addresses of its steps."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, g

from wizard.journey import Journey
from wizard.walk import SET_UP, WALKS, Walk, under_way

WALK_MARK = f"walk-{secrets.token_hex(16)}"
"""Stands in a drawn page for the folder of its walk's addresses (:mod:`wizard.web.drawing`).

Much of a page is alike in every walk, and drawn once.
"""


def current_walk() -> Walk:
    """Return the walk whose page this request is about; setting up, where it is about none."""
    walk: Walk = g.get("walk", SET_UP)
    return walk


def on(walk: Walk) -> None:
    """Take it that this request is about ``walk``: its pages lead on there."""
    g.walk = walk


def address_of(slug: str) -> str:
    """Return the path of a step's page in the walk at hand."""
    return current_walk().address(slug)


def at(slug: str) -> str:
    """Return the same for a template, before it is known in which walk its text will stand."""
    return f"/{WALK_MARK}/{slug}"


def address_to_do(journey: Journey) -> str:
    """Return the path of the step to do, in the walk at hand, or in the one that the journey is on."""
    walk: Walk = g.get("walk") or under_way(journey)
    return walk.address(walk.to_do(journey).slug)


def leads_on(slug: str) -> dict[str, Any]:
    """Return what a page says of the step after its own: the step, and its address."""
    after = current_walk().after(slug)
    return {"next_step": after, "next_href": address_of(after.slug) if after else ""}


def in_every_walk(blueprint: Blueprint, rule: str, view: Callable[..., Any], *, method: str = "GET") -> None:
    """Give ``blueprint`` a view below the folder of each walk, which comes along as the value ``walk``."""
    for prefix in WALKS:
        blueprint.add_url_rule(f"/{prefix}/{rule}", view.__name__, view, methods=(method,), defaults={"walk": prefix})
