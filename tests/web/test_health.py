"""The page that a load balancer asks for."""

from __future__ import annotations

from flask import Flask

from tests.web.page_client import PageClient


def test_it_answers_ok_in_plain_text_and_remembers_nobody(client: PageClient) -> None:
    page = client.visit("/healthz")
    assert (page.status, page.body) == (200, b"ok")
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert not page.headers.getlist("Set-Cookie")


def test_it_does_not_fill_the_log(app: Flask, capsys) -> None:
    capsys.readouterr()
    PageClient(app).visit("/healthz")
    assert capsys.readouterr().out == ""
    PageClient(app).visit("/")
    assert '"route": "/"' in capsys.readouterr().out


def test_a_health_check_may_come_by_address(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={"Host": "10.1.2.3:8080"})
    assert answer.status_code == 200
