"""A token that the browser timed by Snowflake's clock logs in, however wrong this server's clock is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wizard.checks.answer import Answer
from wizard.checks.clock import snowflake_ahead
from wizard.checks.runner import run_all, verdict
from wizard.snowflake.token import sign_token

SIGNED_IN_THE_BROWSER = Answer("key", "passed", "The token was signed.", facts={"signed_by": "browser"})


@pytest.mark.parametrize(("slug", "ahead"), [("fine", 0), ("clock-slow", 300), ("clock-fast", -300)])
def test_snowflakes_clock_is_measured_to_the_second(walk, slug: str, ahead: int) -> None:
    walk.practice.play(slug)
    measured = snowflake_ahead(walk.network, walk.subject().endpoint)
    assert abs(measured - ahead) < 2


@pytest.mark.parametrize("slug", ["clock-slow", "clock-fast"])
def test_a_token_timed_by_snowflakes_clock_passes_and_the_servers_clock_is_told(walk, slug: str) -> None:
    walk.registers()
    walk.practice.play(slug)
    ahead = snowflake_ahead(walk.network, walk.subject().endpoint)
    signed = sign_token(walk.login(), walk.private, int(walk.network.now() + ahead))
    subject = replace(walk.subject(), token=signed, snowflake_ahead=ahead)

    answers = run_all(subject, SIGNED_IN_THE_BROWSER)

    assert verdict(answers) == "passed", answers
    clock = next(answer for answer in answers if answer.check == "clock")
    assert clock.status == "warned"
    assert "timed it by Snowflake's clock" in clock.sentence


def test_the_same_token_without_the_measure_stops_at_the_clock(walk) -> None:
    walk.registers()
    walk.practice.play("clock-slow")
    answers = run_all(walk.subject(), SIGNED_IN_THE_BROWSER)
    assert verdict(answers) == "failed"


def test_an_unreachable_snowflake_leaves_the_time_as_it_is(walk) -> None:
    walk.practice.play("connection-refused")
    assert snowflake_ahead(walk.network, walk.subject().endpoint) == 0.0
