"""What other releases have written is read: their cookies, their links for the administrator, their rows of a test.

The texts are what those releases wrote, letter by letter. The key is a number that nobody has the factors of.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from tests.web.page_client import PageClient
from wizard.checks.row import Row
from wizard.diagnosis.symptom import Symptom
from wizard.journey import STORED_JOURNEY, Journey
from wizard.snowflake.account import read_account
from wizard.snowflake.user import NamedKey, Place
from wizard.walk import SET_UP
from wizard.web.links import ASKED
from wizard.web.signed import ByOurClock
from wizard.web.steps.carried import CARRIED, MEASURED

KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtRhdET5IO/JRvgqoYNnX5VC0MnacgbP1lVTGcrnW+JSQhKfqgHCzrwGcJjU8aPARd1l1PCccK6Yd"
    "FYSh/sgzzB/NhNb4vf69nqF/sXD9YyPU1gabcHPcLkggL+G4UEOC7/F5Ja1WouBtCXcXmhUpxDftU27WK+u9PPi1b+v4bcj/ibGf2Uw+mNAuN13hM6guNXWl"
    "XbJW7eOmNgaSFq0QxiFPBukKFW1D3aknj53sKTkc0aDp4JOEAc2F4/cAwuzU8EbNIuo58zTTRdAMVDofyD5Pzv6+nK4UW3SUO9eqQXCiNqCfr3WWgoRKO0W8"
    "U9VpYcbKNITnF7x/3+fpSfB19wIDAQAB"
)  # fmt: skip
FINGERPRINT = "SHA256:X1DrP8vJ7tBDkQZyTgunhKc8LvJzmgWt+qW83vN16/4="
OTHER = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
ANSWERS: dict[str, Any] = {
    "a": {
        "host": "myorg-my-acct.snowflakecomputing.com",
        "claim": "MYORG-MY_ACCT",
        "identifier": "myorg-my_acct",
        "organization": "MYORG",
        "name": "MY_ACCT",
    },
    "u": "Jane Doe",
    "l": "jane@example.com",
    "k": KEY,
    "s": "upload",
    "t": 1790000000,
    "e": True,
    "m": ["quoted", "pkcs1"],
    "r": "USERADMIN",
    "c": 2,
    "g": "7ed9e1b4d3ad39a4b9fe98e5",
    "v": "7ed9e1b4d3ad39a4b9fe98e5",
    "p": "9e475f0eaa68817788a126e308f7427e",
    "f": {
        "user": "Jane Doe",
        "role": "LOADER",
        "account": "MY_ACCT",
        "organization": "MYORG",
        "region": "AWS_EU_CENTRAL_1",
        "warehouse": "COMPUTE_WH",
        "version": "9.36.0",
    },
    "h": "myorg-my-acct.snowflakecomputing.com",
}
OF_THE_USER: dict[str, Any] = {
    "name": "Jane Doe",
    "login_name": "jane@example.com",
    "type": "SERVICE",
    "disabled": False,
    "locked": False,
    "days_to_expiry": 29.99,
    "default_role": "LOADER",
    "default_warehouse": "COMPUTE_WH",
}
# 0.1.0 named a slot with a key in it, and no other; what followed it named each slot by itself.
COOKIES: dict[str, dict[str, Any]] = {
    "0.1.0": ANSWERS | {"d": OF_THE_USER | {"fingerprint_1": OTHER, "fingerprint_2": FINGERPRINT}},
    "after 0.1.0": ANSWERS
    | {
        "d": OF_THE_USER | {"slot_1": "", "slot_2": FINGERPRINT, "pair": ["ETL_KEY", FINGERPRINT, "ACTIVE", "LOADER"]},
    },
}
SEEN: dict[str, tuple[tuple[str | None, str | None], NamedKey | None]] = {
    "0.1.0": ((OTHER, FINGERPRINT), None),
    "after 0.1.0": (("", FINGERPRINT), NamedKey("ETL_KEY", FINGERPRINT, "ACTIVE", "LOADER")),
}


@pytest.mark.parametrize("release", COOKIES)
def test_a_cookie_keeps_its_walk(release: str) -> None:
    journey = STORED_JOURNEY.read(COOKIES[release])
    assert (journey.user_name, journey.login_name, journey.role) == ("Jane Doe", "jane@example.com", "USERADMIN")
    assert journey.account == read_account("myorg-my_acct")
    assert journey.key is not None and journey.key.fingerprint == FINGERPRINT
    assert (journey.key_source, journey.key_known_since, journey.key_encrypted) == ("upload", 1790000000, True)
    assert journey.key_notes == ("quoted", "pkcs1")
    assert journey.session == ANSWERS["f"]
    described = journey.description
    assert described is not None
    assert (described.slots, described.pair) == SEEN[release]
    assert (described.type, described.days_to_expiry, described.disabled) == ("SERVICE", 29.99, False)
    assert (journey.place, journey.chosen_slot) == (Place(slot=2), 2)
    assert [step.slug for step in SET_UP.steps if not step.done(journey)] == ["handover"]
    assert STORED_JOURNEY.read(json.loads(json.dumps(STORED_JOURNEY.write(journey)))) == journey


@pytest.mark.parametrize("release", COOKIES)
def test_a_browser_with_such_a_cookie_goes_on_where_it_was(app: Flask, release: str) -> None:
    client = PageClient(app)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    client.put_cookie("wizard", signer.dumps({"journey": COOKIES[release], "began": int(time.time())}))
    page = client.visit("/steps/handover")
    assert (page.status, page.step) == (200, "handover")


def test_what_a_cookie_does_not_show_is_not_called_empty() -> None:
    for told, slots in (
        ({"fingerprint_2": OTHER}, (None, OTHER)),
        ({"slot_1": ""}, ("", None)),
        ({}, (None, None)),
    ):
        journey = STORED_JOURNEY.read(ANSWERS | {"d": OF_THE_USER | told})
        assert journey.described is not None and journey.described.slots == slots


def signed(app: Flask, purpose: str, told: Mapping[str, object]) -> str:
    """Return what a former release signed, by the same secret key."""
    serializer = URLSafeTimedSerializer(
        app.extensions["settings"].secret_key.reveal(),
        salt=purpose,
        signer=ByOurClock,
        signer_kwargs={"now": app.extensions["clock"]},
    )
    return str(serializer.dumps(told))


IN_LINK = KEY.replace("+", "-").replace("/", "_")


@pytest.mark.parametrize("note", ["", "Jane, data team"])
def test_a_link_for_the_administrator_opens(app: Flask, note: str) -> None:
    told = {name: ANSWERS[name] for name in ("a", "u", "l", "r", "c")}
    token = signed(app, "share-with-administrator", {"j": told, "k": IN_LINK, "n": note})
    page = PageClient(app).visit(f"/share/{token}", unchecked={"csrf"})
    assert page.copied("fingerprint") == FINGERPRINT
    assert f"RSA_PUBLIC_KEY_2='{KEY}'" in page.copied("alter-user-sql")
    assert page.copied("role-sql") == "USE ROLE USERADMIN;"
    assert note in page.text
    with app.app_context():
        assert ASKED.read(token).journey == STORED_JOURNEY.read(told)
        written = ASKED.table.write(ASKED.read(token))
    assert written == {"j": told, "k": IN_LINK, "n": note}, "and that release opens ours"


def test_the_rows_of_a_test_and_the_measured_clock_are_taken(app: Flask) -> None:
    rows = [
        {"check": "dns", "status": "passed", "sentence": "It resolves.", "words": "", "milliseconds": 0, "facts": {}},
        {
            "check": "login",
            "status": "failed",
            "sentence": "Snowflake refused the token.",
            "words": "390144",
            "milliseconds": 120,
            "facts": {"user": "JANE"},
            "symptom": {
                "kind": "answer",
                "code": "390144",
                "http_status": 401,
                "message": "JWT token is invalid.",
                "facts": {"uuid": "x"},
            },
        },
    ]
    refused = Symptom("answer", "390144", 401, "JWT token is invalid.", {"uuid": "x"})
    with app.app_context():
        carried = CARRIED.read(signed(app, "rows-of-a-test", {"login": ANSWERS["p"], "answers": rows}))
        measured = MEASURED.read(signed(app, "clock-of-snowflake", {"login": ANSWERS["p"], "ahead": -1.5}))
    assert carried.login == measured.login == ANSWERS["p"]
    assert carried.rows == (
        Row("dns", "passed", "It resolves."),
        Row("login", "failed", "Snowflake refused the token.", "390144", 120, refused, {"user": "JANE"}),
    )
    assert measured.ahead == -1.5


def test_an_empty_cookie_is_a_new_walk() -> None:
    assert STORED_JOURNEY.read({}) == Journey()
