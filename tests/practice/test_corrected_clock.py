"""A token that the browser timed by Snowflake's clock logs in, however wrong this server's clock is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wizard.checks.clock import snowflake_ahead
from wizard.checks.row import Row
from wizard.checks.runner import run_all, verdict
from wizard.snowflake.token import sign_token

SIGNED_IN_THE_BROWSER = Row("key", "passed", "The token was signed.", facts={"signed_by": "browser"})


@pytest.mark.parametrize(("slug", "ahead"), [("fine", 0), ("clock-slow", 300), ("clock-fast", -300)])
def test_snowflakes_clock_is_measured_to_the_second(walk, slug: str, ahead: int) -> None:
    walk.practice.play(slug)
    measured = snowflake_ahead(walk.network, walk.attempt().endpoint)
    assert abs(measured - ahead) < 2


@pytest.mark.parametrize("slug", ["clock-slow", "clock-fast"])
def test_a_token_timed_by_snowflakes_clock_passes_and_the_servers_clock_is_told(walk, slug: str) -> None:
    walk.registers()
    walk.practice.play(slug)
    ahead = snowflake_ahead(walk.network, walk.attempt().endpoint)
    signed = sign_token(walk.login(), walk.private, int(walk.network.now() + ahead))
    attempt = replace(walk.attempt(), token=signed, snowflake_ahead=ahead)

    rows = run_all(attempt, SIGNED_IN_THE_BROWSER)

    assert verdict(rows) == "passed", rows
    clock = next(row for row in rows if row.check == "clock")
    assert clock.status == "warned"
    assert "timed it by Snowflake's clock" in clock.sentence


def test_the_same_token_without_the_measure_stops_at_the_clock(walk) -> None:
    walk.registers()
    walk.practice.play("clock-slow")
    rows = run_all(walk.attempt(), SIGNED_IN_THE_BROWSER)
    assert verdict(rows) == "failed"


def test_an_unreachable_snowflake_leaves_the_time_as_it_is(walk) -> None:
    walk.practice.play("connection-refused")
    assert snowflake_ahead(walk.network, walk.attempt().endpoint) == 0.0
