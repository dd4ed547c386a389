"""The one cookie: its name, its flags, its age, its size, and what becomes of one that isn't ours."""

from __future__ import annotations

import base64
import random
import string
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, session

from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, fingerprint, public_pem, table, told
from wizard.app import create_app
from wizard.handover import TOOLS
from wizard.handover.key_folder import read_key_folder
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.settings import Settings
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.key.rsa import RsaPublic
from wizard.snowflake.user import Described, NamedKey
from wizard.web.session import JourneyCookie, load_journey, save_journey

HOUR = 60 * 60
SETTINGS = Settings.from_environment({"WIZARD_SECRET_KEY": "a secret key of the tests, long enough"})


@pytest.fixture
def clock() -> list[float]:
    return [time.time()]


@pytest.fixture
def timed(clock: list[float]) -> Flask:
    return create_app(SETTINGS, now=lambda: clock[0])


def answer_account(client: PageClient) -> Page:
    return client.visit("/steps/account").fill("account", "myorg-my_acct").press("Continue")


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("http://localhost", "wizard", False), ("https://localhost", "__Host-wizard", True)],
)
def test_name_and_flags_follow_the_scheme(app: Flask, base_url: str, name: str, secure: bool) -> None:
    client = PageClient(app, base_url=base_url)
    page = client.visit("/steps/account")
    cookie = next(iter(SimpleCookies(page)))
    assert cookie.key == name
    assert bool(cookie["secure"]) is secure
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
    assert answer_account(client).path == "/steps/user"


class SimpleCookies:
    """The cookies that a page set."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __iter__(self):
        from http.cookies import SimpleCookie

        for line in self._page.headers.getlist("Set-Cookie"):
            yield from SimpleCookie(line).values()


def test_behind_a_trusted_proxy_the_scheme_is_the_visitors(make_app) -> None:
    app = make_app(WIZARD_PROXY_HOPS="1", WIZARD_PUBLIC_URL="https://keys.example")
    client = PageClient(app, base_url="http://keys.example", headers={"X-Forwarded-Proto": "https"})
    page = client.visit("/steps/account", unchecked={"headers", "cookie"})
    assert [cookie.key for cookie in SimpleCookies(page)] == ["__Host-wizard"]
    assert page.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_without_a_trusted_proxy_nobody_can_claim_https(app: Flask) -> None:
    client = PageClient(app, headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
    page = client.visit("/steps/account")
    assert [cookie.key for cookie in SimpleCookies(page)] == ["wizard"]


def test_it_lives_for_a_day_however_often_it_is_renewed(timed: Flask, clock: list[float]) -> None:
    client = PageClient(timed)
    answer_account(client)
    for _ in range(5):
        clock[0] += 4 * HOUR
        assert answer_account(client).path == "/steps/user"
    clock[0] += 4 * HOUR + 120
    assert client.visit("/steps/user").path == "/steps/account"


def test_a_form_left_open_overnight_still_works_within_the_day(timed: Flask, clock: list[float]) -> None:
    client = PageClient(timed)
    page = client.visit("/steps/account")
    clock[0] += 20 * HOUR
    assert page.fill("account", "myorg-my_acct").press("Continue").path == "/steps/user"


def test_a_form_older_than_the_cookie_is_answered_with_what_happened(timed: Flask, clock: list[float]) -> None:
    client = PageClient(timed)
    page = client.visit("/steps/account")
    clock[0] += 25 * HOUR
    answer = page.fill("account", "myorg-my_acct").press("Continue")
    assert answer.status == 400
    assert answer.heading == "The wizard has lost track of your answers"
    assert "older than a day" in answer.text


def test_a_cookie_from_the_future_is_not_believed(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048), began=time.time() + 3 * HOUR)
    assert client.visit("/steps/register").path == "/steps/account"


def test_a_browser_that_refuses_cookies_is_told_so_and_sent_in_no_circle(app: Flask) -> None:
    page = PageClient(app).visit("/steps/account").fill("account", "myorg-my_acct")
    page.client.forget_cookies()
    answer = page.press("Continue")
    assert (answer.status, answer.redirects) == (400, ())
    assert "Your browser did not bring back the wizard’s cookie" in answer.text
    assert "https" in answer.text, "whoever runs this wizard is told as well"


def test_a_form_of_an_earlier_visit_leads_back_to_its_step(app: Flask) -> None:
    client = PageClient(app)
    old = client.visit("/steps/account")
    answer_account(client)
    client.forget_cookies()
    client.visit("/steps/account")  # a new cookie, with a token of its own
    answer = old.fill("account", "myorg-my_acct").press("Continue")
    assert answer.status == 400
    assert answer.heading == "This page is from an earlier visit"
    assert answer.link("Open the step again") == "/steps/account"


FORGERIES: dict[str, Callable[[str], str]] = {
    "one letter": lambda value: value[:20] + ("A" if value[20] != "A" else "B") + value[21:],
    "signature cut": lambda value: value.rpartition(".")[0],
    "no signature": lambda value: value.split(".")[0] if not value.startswith(".") else "." + value.split(".")[1],
    "nothing": lambda value: "",
    "rubbish": lambda value: "rubbish",
    "long": lambda value: "A" * 4000,
    "dots": lambda value: "....",
}


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_cookie_that_was_changed_counts_for_nothing(app: Flask, rsa_2048: rsa.RSAPrivateKey, forge: str) -> None:
    client = carrying(app, told("register", rsa_2048))
    held = client._client.get_cookie("wizard")
    assert held is not None
    client.put_cookie("wizard", FORGERIES[forge](held.value))
    page = client.visit("/steps/register")
    assert (page.status, page.path) == (200, "/steps/account")


def test_a_cookie_of_another_wizard_counts_for_nothing(app: Flask, make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    other = make_app(WIZARD_SECRET_KEY="the secret key of another wizard altogether")
    held = carrying(other, told("register", rsa_2048))._client.get_cookie("wizard")
    assert held is not None
    client = PageClient(app)
    client.put_cookie("wizard", held.value)
    assert client.visit("/steps/register").path == "/steps/account"


@pytest.mark.parametrize("listed", [True, False])
def test_a_cookie_of_an_old_secret_key_counts_while_that_key_is_listed(
    make_app, rsa_2048: rsa.RSAPrivateKey, listed: bool
) -> None:
    before, now = "the secret key of last year which is long enough", "the secret key of this year which is long enough"
    held = carrying(make_app(WIZARD_SECRET_KEY=before), told("register", rsa_2048))._client.get_cookie("wizard")
    assert held is not None
    old_keys = f"another one of years ago, {before}" if listed else ""
    client = PageClient(make_app(WIZARD_SECRET_KEY=now, WIZARD_OLD_SECRET_KEYS=old_keys))
    client.put_cookie("wizard", held.value)
    assert client.visit("/steps/register").path == ("/steps/register" if listed else "/steps/account")


def test_what_is_signed_anew_is_signed_with_the_key_of_today(make_app) -> None:
    before, now = "the secret key of last year which is long enough", "the secret key of this year which is long enough"
    client = PageClient(make_app(WIZARD_SECRET_KEY=now, WIZARD_OLD_SECRET_KEYS=before))
    client.visit("/steps/account").fill("account", "myorg-my_acct").press("Continue")
    held = client._client.get_cookie("wizard")
    assert held is not None
    client = PageClient(make_app(WIZARD_SECRET_KEY=now))
    client.put_cookie("wizard", held.value)
    assert client.visit("/steps/user").path == "/steps/user"


@pytest.mark.parametrize(
    "content",
    [
        {"journey": "text", "began": 0},
        {"journey": {"a": "text"}},
        {"journey": {"k": "AAAA"}},
        {"journey": {"u": ["a"]}},
        {"journey": {"u": 5, "l": None, "t": "x"}},
        {"journey": {"f": "text"}},
        {"journey": {"d": {"name": 5}}},
        {"journey": {"c": "three"}},
        {"journey": {"r": 7}},
        {"something": "else"},
    ],
)
def test_a_cookie_that_another_release_wrote_begins_anew(app: Flask, content: dict[str, object]) -> None:
    client = PageClient(app)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    client.put_cookie("wizard", signer.dumps({"began": int(time.time())} | content))
    for path in ("/", "/steps/user", "/steps/register", "/steps/test", "/steps/handover"):
        assert client.visit(path).status == 200, path
    assert client.visit("/steps/user").path == "/steps/account"


def test_two_copies_behind_a_load_balancer_share_it(make_app, app: Flask) -> None:
    client = PageClient(app)
    answer_account(client)
    client._client.application = make_app()
    assert client.visit("/steps/user").step == "user"


def test_it_stays_below_4_kb_with_the_longest_answers(app: Flask) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    seeded = random.Random(4)

    def name() -> str:
        return "".join(seeded.choice(string.ascii_letters + string.digits) for _ in range(255))

    user, login_name, role, default_role, warehouse = (name() for _ in range(5))
    client = PageClient(app)
    page = answer_account(client).fill("username", f'"{user}"').fill("login_name", login_name).press("Continue")
    page = page.choose("source", "public").fill("public_key", public_pem(key)).press_in("#key-form", "Continue")
    page = page.fill("role", f'"{role}"').press("Show the statements for this").press("I’ve run it")
    text = table(
        NAME=user,
        LOGIN_NAME=login_name,
        DEFAULT_ROLE=default_role,
        DEFAULT_WAREHOUSE=warehouse,
        RSA_PUBLIC_KEY_FP=fingerprint(key),
        RSA_PUBLIC_KEY_2_FP="SHA256:" + "A" * 43 + "=",
    )
    page = page.fill("desc_user", text).press("Compare")
    assert client.visit("/steps/test").path == "/steps/test"
    held = client._client.get_cookie("wizard")
    assert held is not None and len(held.value) < 4000


def longest_name(letters: random.Random) -> str:
    """Return 255 characters that hardly get shorter when they are compressed."""
    return "".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(255))


def longest_key(letters: random.Random, bits: int = 8192) -> PublicKey:
    modulus = letters.getrandbits(bits) | 1 << bits - 1 | 1
    while any(modulus % number == 0 for number in range(3, 2000, 2)):  # then it would be told for a damaged one
        modulus += 2
    return PublicKey.of(RsaPublic(modulus, 65537))


def cookie_size(client: PageClient) -> int:
    held = client._client.get_cookie("wizard")
    assert held is not None
    return len(held.key + "=" + held.value)


def test_answers_that_no_cookie_can_hold_are_refused_where_they_are_given(app: Flask) -> None:
    letters = random.Random(6)
    client = PageClient(app)
    page = answer_account(client).fill("username", longest_name(letters)).fill("login_name", longest_name(letters))
    page = page.press("Continue")
    page = page.choose("source", "public").fill("public_key", longest_key(letters).pem)
    page = page.press_in("#key-form", "Continue")
    assert (page.status, page.step) == (422, "key")
    assert "too long for the 4 kB" in page.alert and "a key of 4096 bits" in page.alert
    assert page.value("public_key").startswith("-----BEGIN PUBLIC KEY-----")
    assert cookie_size(client) < 4096

    page = page.fill("public_key", longest_key(letters, 4096).pem)
    page = page.press_in("#key-form", "Continue")
    role = longest_name(letters)
    page = page.fill("role", role).press("Show the statements for this")
    assert (page.status, page.step, page.value("role")) == (422, "register", role)
    assert "too long for the 4 kB" in page.alert
    assert page.fill("role", "USERADMIN").press("Show the statements for this").status == 200
    assert cookie_size(client) < 4096


def test_the_longest_answers_in_plain_letters_find_room_with_all_their_evidence(app: Flask) -> None:
    letters = random.Random(7)
    user, login_name, role, folder = ("".join(letters.choices(string.printable[:94], k=255)) for _ in range(4))
    journey = Journey(account=read_account("myorg-my_acct"), key_folder="/" + folder + folder[:144][::-1])
    journey = replace(journey.with_user(user, login_name), key=longest_key(letters), key_source="upload", role=role)
    with app.test_request_context("/"):
        save_journey(journey)
        save_journey(journey.with_registered().with_key_seen().with_tested({"user": user[:120]}))
        assert load_journey().login == journey.login and load_journey().tested
        assert len(JourneyCookie().get_signing_serializer(app).dumps(dict(session))) < 4000


@pytest.mark.parametrize("seed", range(40))
def test_the_evidence_for_answers_that_were_taken_always_finds_room(app: Flask, seed: int) -> None:
    letters = random.Random(seed)
    journey = Journey(account=read_account("myorg-my_acct"))
    long = replace(
        journey.with_user(longest_name(letters)[: 120 + 4 * seed], longest_name(letters)[: 120 + 4 * seed]),
        key=longest_key(letters), key_source="upload", role=longest_name(letters)[: 60 + 5 * (seed % 8)], chosen_slot=2,
    )  # fmt: skip
    with app.test_request_context("/"):
        session["csrf_token"] = "7c" * 20
        try:
            save_journey(long)
        except Problem:
            return
        told = Described(name=long.user_name, login_name=long.login_name, default_role=longest_name(letters))
        proved = long.with_registered().with_description(told).with_verify_skipped()
        proved = proved.with_tested({"user": long.user_name[:120]}).with_key_opened("pkcs1-sealed")
        proved = proved.with_tool(max((tool.slug for tool in TOOLS), key=len))
        save_journey(proved)
        assert load_journey().tested == proved.tested and load_journey().registered == proved.registered
        session["began"] = int(time.time())
        assert len("__Host-wizard=" + JourneyCookie().get_signing_serializer(app).dumps(dict(session))) < 4096


def test_anyone_may_read_it_for_only_public_things_are_in_it(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    text = carrying(app, told("handover", rsa_2048)).cookie
    assert "PRIVATE" not in text and "passphrase" not in text
    assert "MYORG-MY_ACCT" in text


def test_the_longest_names_and_the_largest_key_still_fit_into_a_cookie(app: Flask) -> None:
    modulus = random.Random(8192).getrandbits(8192) | 1 << 8191 | 1
    numbers = rsa.RSAPublicNumbers(65537, modulus).public_key()
    spki = numbers.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    key = PublicKey.from_base64(base64.b64encode(spki).decode())
    name = "".join(chr(0x4E00 + 37 * place) for place in range(255))
    pair = NamedKey(name[3:], key.fingerprint, "ACTIVE", name[7:])
    described = Described(
        name=name, login_name=name[::-1], default_role=name[5:], default_warehouse=name[9:], pair=pair
    )
    journey = Journey(account=read_account("myorg-my_acct"), user_name=name, login_name=name[::-1])
    journey = journey.with_key(key, "public", 1, None).with_description(described)
    journey = replace(journey, key_folder=read_key_folder("/" + name[:100]))

    with app.test_request_context("/"):
        save_journey(journey)
        assert load_journey().login == journey.login
        assert load_journey().key_was_seen, "that it was seen is kept, where there was no room for"
        written = JourneyCookie().get_signing_serializer(app).dumps(dict(session))

    assert len(written) < 4000, len(written)
