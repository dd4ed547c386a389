"""The box for anything keeps what is nobody's business in the page."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Request, expect

from tests.e2e.conftest import NewPage
from tests.web.walking import private_pem

ERROR = "JWT token is invalid. [7fb87e37-2f26-4a10-9f9c-72276ea898bf]"


def sent_by(page) -> list[str]:
    bodies: list[str] = []

    def keep(request: Request) -> None:
        if request.method == "POST":
            bodies.append(request.post_data or "")

    page.on("request", keep)
    return bodies


@pytest.mark.parametrize("passphrase", ["", "a passphrase"])
def test_a_private_key_is_not_sent(new_page: NewPage, rsa_2048: rsa.RSAPrivateKey, passphrase: str) -> None:
    page = new_page()
    page.goto("/troubleshoot")
    bodies = sent_by(page)
    key = private_pem(rsa_2048, passphrase).decode()
    page.locator("#text").fill(f"{ERROR}\n{key}")
    page.get_by_role("button", name="Find the cause").click()
    expect(page.locator("#notice")).to_contain_text("There is a private key in this. It has not left this page.")
    assert bodies == []
    page.locator("#text").fill(ERROR)
    page.get_by_role("button", name="Find the cause").click()
    expect(page.locator("[data-recognised=error]")).to_be_visible()
    expect(page.locator("#notice")).to_be_hidden()


def test_of_a_token_only_its_claims_are_sent(new_page: NewPage, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = new_page()
    page.goto("/troubleshoot")
    bodies = sent_by(page)
    claims = {"iss": f"MYORG-ACCT.JANE.SHA256:{'A' * 43}=", "sub": "MYORG-ACCT.JANE", "iat": 1, "exp": 60}
    token = jwt.encode(claims, rsa_2048, algorithm="RS256")
    page.locator("#text").fill(f"Authorization: Bearer {token}")
    page.get_by_role("button", name="Find the cause").click()
    expect(page.locator("[data-recognised=token]")).to_be_visible()
    signature = token.rpartition(".")[2]
    assert len(bodies) == 1
    assert signature[:20] not in bodies[0]
    assert token.split(".")[1] in bodies[0]


@pytest.mark.parametrize("javascript", [True, False])
def test_an_error_typed_as_a_user_is_taken_where_it_is_read(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto("/steps/account")
    page.get_by_role("textbox", name="Account identifier").fill("myorg-acct")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("textbox", name="User name").fill(ERROR)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Find the cause").click()
    expect(page.locator("[data-recognised=error]")).to_be_visible()
    expect(page.locator("#text")).to_have_value(ERROR)
