"""Tokens: signed to the letter, and checked so that only the walk's own login gets through."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import MAX_LIFETIME, MAX_TOKEN, TokenProblem, check_token, read_token, sign_token

NOW = 1_795_000_000


@pytest.fixture
def login(rsa_2048: rsa.RSAPrivateKey) -> Login:
    return Login(read_account("myorg-my_acct"), "jane", PublicKey.of_private(rsa_2048))


@pytest.fixture
def token(login: Login, rsa_2048: rsa.RSAPrivateKey) -> str:
    return sign_token(login, rsa_2048, NOW).reveal()


def encoded(part: Any) -> str:
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def made(login: Login, key: rsa.RSAPrivateKey, **claims: Any) -> str:
    """A well-signed token of ``login`` with some claims changed; a claim of ``None`` is left out."""
    all_claims = {"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 60} | claims
    kept = {name: value for name, value in all_claims.items() if value is not None}
    head = f"{encoded({'alg': 'RS256', 'typ': 'JWT'})}.{encoded(kept)}"
    signature = jwt.get_algorithm_by_name("RS256").sign(head.encode(), key)
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def problem(token: str, login: Login, now: int = NOW) -> TokenProblem:
    with pytest.raises(TokenProblem) as caught:
        check_token(Secret(token), login, now)
    assert caught.value.message.endswith(".")
    assert caught.value.fix
    return caught.value


# -------------------------------------------------------------------------------------------------------------- signing


def test_header_and_claims_are_exactly_snowflakes(login: Login, token: str, rsa_2048: rsa.RSAPrivateKey) -> None:
    header, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    assert header == b'{"alg":"RS256","typ":"JWT"}'
    assert json.loads(claims) == {"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 60}


def test_a_token_is_a_secret(login: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert f"{sign_token(login, rsa_2048, NOW)}" == "***"


@pytest.mark.parametrize("lifetime", [0, -1, 121, 3600])
def test_no_token_is_signed_for_longer_than_it_is_needed(
    login: Login, rsa_2048: rsa.RSAPrivateKey, lifetime: int
) -> None:
    with pytest.raises(ValueError, match="1 to 120"):
        sign_token(login, rsa_2048, NOW, lifetime)


# -------------------------------------------------------------------------------------------------- what is let through


def test_a_fresh_token_of_the_walk_is_let_through(login: Login, token: str, rsa_2048: rsa.RSAPrivateKey) -> None:
    for now in (NOW, NOW + 59, NOW - 30):
        assert check_token(Secret(token), login, now) == Secret(token)
    longest = sign_token(login, rsa_2048, NOW, MAX_LIFETIME)
    assert check_token(longest, login, NOW) == longest


@pytest.mark.parametrize(
    "paste",
    [
        " {}\n",
        '"{}"',
        "'{}'",
        "Bearer {}",
        "bearer  {}",
        "Authorization: Bearer {}",
        '"Authorization: Bearer {}"',
        "`{}`",
        "{}\r\n\r\n",
    ],
)
def test_what_comes_along_with_a_copied_token_is_left_out(login: Login, token: str, paste: str) -> None:
    assert check_token(Secret(paste.format(token)), login, NOW) == Secret(token)
    assert read_token(Secret(paste.format(token))) == Secret(token)


def test_a_token_wrapped_by_a_terminal_is_joined(login: Login, token: str) -> None:
    wrapped = "\n".join(token[at : at + 80] for at in range(0, len(token), 80))
    assert check_token(Secret(wrapped), login, NOW) == Secret(token)


def test_times_in_milliseconds_are_read_as_the_node_driver_writes_them(
    login: Login, rsa_2048: rsa.RSAPrivateKey
) -> None:
    node = made(login, rsa_2048, iat=NOW * 1000, exp=(NOW + 120) * 1000)
    assert check_token(Secret(node), login, NOW) == Secret(node)


def test_the_nbf_claim_of_the_go_driver_does_no_harm(login: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    go = made(login, rsa_2048, nbf=1_444_478_400)
    assert check_token(Secret(go), login, NOW) == Secret(go)


# ---------------------------------------------------------------------------------------------------------- what is not


@pytest.mark.parametrize(
    ("sub", "cause"),
    [
        ("myorg-my_acct.JANE", "user-case"),
        ("MYORG-MY_ACCT.jane", "user-case"),
        ("MYORG-MY_ACCT.US-EAST-1.JANE", "account-region-in-claim"),
        ("MYORG-MY_ACCT.PRIVATELINK.JANE", "account-region-in-claim"),
        ("MYORG-MY_ACCT.JOHN", "login-name-differs"),
        ("MYORG.MY_ACCT.JANE", "account-dot-form"),
        ("MYORG.JANE", "account-dot-form"),
        ("MYORG-MY-ACCT.JANE", "account-form"),
        ("HTTPS://MYORG-MY_ACCT.SNOWFLAKECOMPUTING.COM.JANE", "account-url-pasted"),
        ("MYORG-MY_ACCT.SNOWFLAKECOMPUTING.COM.JANE", "account-url-pasted"),
        ("OTHER-ACCT.JANE", "account-mismatch"),
        ("", "account-mismatch"),
        ("JANE", "account-mismatch"),
    ],
)
def test_a_token_for_something_else_is_named_by_what_differs(
    login: Login, rsa_2048: rsa.RSAPrivateKey, sub: str, cause: str
) -> None:
    assert problem(made(login, rsa_2048, sub=sub, iss=f"{sub}.{login.key.fingerprint}"), login).cause == cause


def test_an_email_as_login_name_is_not_taken_for_a_region(login: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    login = replace(login, name="jane.doe@example.com")
    token = sign_token(login, rsa_2048, NOW)
    assert check_token(token, login, NOW) == token
    assert problem(token.reveal(), replace(login, name="doe@example.com")).cause == "account-region-in-claim"
    assert problem(token.reveal(), replace(login, name="john@example.com")).cause == "login-name-differs"


def test_another_key_is_named_before_the_signature_is_looked_at(
    login: Login, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    other = replace(login, key=PublicKey.of_private(other_rsa_2048))
    assert problem(sign_token(other, other_rsa_2048, NOW).reveal(), login).cause == "key-mismatch"


@pytest.mark.parametrize("at", [0, 16, 24, 30, 42])
def test_a_fingerprint_that_differs_in_one_letter_is_another_key(
    login: Login, rsa_2048: rsa.RSAPrivateKey, at: int
) -> None:
    position = login.issuer.index("SHA256:") + len("SHA256:") + at
    letter = "A" if login.issuer[position] != "A" else "B"
    issuer = login.issuer[:position] + letter + login.issuer[position + 1 :]
    assert problem(made(login, rsa_2048, iss=issuer), login).cause == "key-mismatch"


def test_a_signature_by_another_key_is_noticed(
    login: Login, token: str, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    assert problem(sign_token(login, other_rsa_2048, NOW).reveal(), login).cause == "signature-broken"
    head, claims, signature = token.split(".")
    assert problem(f"{head}.{claims}.{signature[::-1]}", login).cause == "signature-broken"
    later = encoded({"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 61})
    assert problem(f"{head}.{later}.{signature}", login).cause == "signature-broken"


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"exp": NOW + 121}, "token-expired"),
        ({"exp": NOW + 3540}, "token-expired"),
        ({"exp": NOW + 86_400}, "token-expired"),
        ({"iat": NOW - 120, "exp": NOW}, "token-expired"),
        ({"iat": NOW - 7200, "exp": NOW - 7140}, "token-expired"),
        ({"iat": NOW, "exp": NOW - 1}, "token-expired"),
        ({"iat": NOW + 20, "exp": NOW + 20}, "token-expired"),
        ({"iat": NOW + 31, "exp": NOW + 91}, "clock-skew"),
        ({"iat": NOW + 3600, "exp": NOW + 3660}, "clock-skew"),
        ({"iat": None}, "token-malformed"),
        ({"exp": None}, "token-malformed"),
        ({"exp": "soon"}, "token-malformed"),
        ({"exp": True}, "token-malformed"),
        ({"exp": [NOW + 60]}, "token-malformed"),
        ({"exp": -1}, "token-malformed"),
        ({"exp": 10**400}, "token-malformed"),
        ({"exp": float("inf")}, "token-malformed"),
        ({"exp": float("nan")}, "token-malformed"),
        ({"sub": None}, "token-malformed"),
        ({"iss": None}, "token-malformed"),
        ({"iss": 5}, "token-malformed"),
        ({"iss": "MYORG-MY_ACCT.JANE"}, "token-malformed"),
        ({"sub": "MYORG-MY_ACCT.JOHN"}, "token-malformed"),
    ],
)
def test_claims_that_snowflake_would_refuse_are_named(
    login: Login, rsa_2048: rsa.RSAPrivateKey, claims: dict[str, Any], cause: str
) -> None:
    assert problem(made(login, rsa_2048, **claims), login).cause == cause


def test_a_long_life_is_said_in_words(login: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert "59 minutes" in problem(made(login, rsa_2048, exp=NOW + 3540), login).message
    assert "24 hours" in problem(made(login, rsa_2048, exp=NOW + 86_400), login).message


def test_no_other_algorithm_is_let_in(login: Login, token: str, rsa_2048: rsa.RSAPrivateKey) -> None:
    claims = {"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 60}
    none = f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."
    assert problem(none, login).cause == "token-malformed"
    # The public key taken for a shared secret: the classic confusion.
    head = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    mac = jwt.get_algorithm_by_name("HS256").sign(head.encode(), login.key.der)
    assert "HS256" in problem(f"{head}.{encoded(mac)}", login).message
    for algorithm in ("RS384", "PS256"):
        other = jwt.encode(claims, rsa_2048, algorithm=algorithm)
        assert algorithm in problem(other, login).message
    for odd in ("rs256", ["RS256"], None, {"a": 1}, "RS256 ", "<script>"):
        odd_token = f"{encoded({'alg': odd, 'typ': 'JWT'})}.{token.split('.', 1)[1]}"
        said = problem(odd_token, login)
        assert said.cause == "token-malformed"
        assert "<" not in said.message


def test_a_key_inside_the_header_is_not_believed(login: Login, other_rsa_2048: rsa.RSAPrivateKey) -> None:
    jwk = jwt.get_algorithm_by_name("RS256").to_jwk(other_rsa_2048.public_key(), as_dict=True)
    claims = {"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 60}
    token = jwt.encode(claims, other_rsa_2048, algorithm="RS256", headers={"jwk": jwk})
    assert problem(token, login).cause == "signature-broken"
    token = jwt.encode(claims, other_rsa_2048, algorithm="RS256", headers={"crit": ["x"], "x": 1})
    assert problem(token, login).cause == "token-malformed"


def test_a_name_that_stands_twice_is_not_guessed_at(login: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    text = json.dumps({"iss": login.issuer, "sub": login.subject, "iat": NOW, "exp": NOW + 60})
    twice = text.removesuffix("}") + ', "sub": "A.B"}'
    head = f"{encoded({'alg': 'RS256', 'typ': 'JWT'})}.{encoded(twice.encode())}"
    signature = jwt.get_algorithm_by_name("RS256").sign(head.encode(), rsa_2048)
    assert problem(f"{head}.{encoded(signature)}", login).cause == "token-malformed"


@pytest.mark.parametrize(
    "paste",
    [
        "",
        "  ",
        "null",
        "a.b",
        "a.b.c.d",
        "....",
        "é.é.é",
        "[" * 5000,
        "A" * (MAX_TOKEN + 1),
        "A" * 1_000_000,
        "eyJ." * 2000,
        f"{encoded(b'[' * 2000)}.{encoded(b'{' * 2000)}.x",
        encoded(b'{"alg": ' + b"9" * 5000 + b"}") + ".e30.x",
        encoded({"alg": "RS256"}) + "." + encoded(b"\xff\xfe") + ".x",
        f"{encoded({'alg': 'RS256'})}.{encoded([1])}.x",
        f"{encoded({'alg': 'RS256'})}.{encoded({})}.",
        "SHA256:uH9Haf7jOiPmWWnIaKVx1/qRS5B1xAoGecmip1+2zBs=",
        "\ud800.\ud800.\ud800",
    ],
)
def test_what_is_no_token_is_called_malformed(login: Login, paste: str) -> None:
    said = problem(paste, login)
    assert said.cause == "token-malformed"
    assert len(said.message) < 200


def test_a_private_key_in_the_tokens_box_is_named(login: Login) -> None:
    said = problem("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", login)
    assert said.cause == "key-is-private"


def test_a_cut_token_is_not_let_through(login: Login, token: str) -> None:
    causes = {problem(token[:at], login).cause for at in range(0, len(token), 23)}
    assert causes <= {"token-malformed", "signature-broken"}


@given(st.text(max_size=200))
def test_any_text_is_a_token_problem_at_most(rsa_2048: rsa.RSAPrivateKey, text: str) -> None:
    login = Login(read_account("myorg-my_acct"), "jane", PublicKey.of_private(rsa_2048))
    problem(text, login)


_values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers()))


@given(st.dictionaries(st.sampled_from(["iss", "sub", "iat", "exp", "x"]), _values))
def test_any_claims_are_a_token_problem_at_most(rsa_2048: rsa.RSAPrivateKey, claims: dict[str, Any]) -> None:
    login = Login(read_account("myorg-my_acct"), "jane", PublicKey.of_private(rsa_2048))
    token = f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.{encoded(b'x' * 256)}"
    problem(token, login)
