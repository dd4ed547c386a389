"""Whatever is pasted is recognised piece by piece, and nothing secret is kept of it."""

from __future__ import annotations

import base64
import json
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.diagnosis import Diagnosis, Symptom, conclude, failure_details_fix, read
from wizard.snowflake.key import PublicKey

NOW = 1_795_230_000
UUID = "0d9a1c52-7a50-4f0e-9c8e-6d0f3f6f2b11"
REFUSED = (
    f"250001 (08001): Failed to connect to DB: myorg-acct.snowflakecomputing.com:443. JWT token is invalid. [{UUID}]"
)


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def private_pem(form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8) -> str:
    return key().private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def public_pem() -> str:
    return PublicKey.of_private(key()).pem


def fingerprint(of: rsa.RSAPrivateKey | None = None) -> str:
    return PublicKey.of_private(of or key()).fingerprint


def token(**changes: object) -> str:
    subject = changes.pop("sub", "MYORG-ACCT.JANE")
    claims = {"iss": f"{subject}.{fingerprint()}", "sub": subject, "iat": NOW - 5, "exp": NOW + 55, **changes}
    parts = (json.dumps({"alg": claims.pop("alg", "RS256"), "typ": "JWT"}), json.dumps(claims))
    return ".".join([*(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts), "c2lnbmF0dXJl"])


def desc_user(first: str = "", second: str = "", **rows: str) -> str:
    told = {"NAME": "JANE", "LOGIN_NAME": "JANE", "DISABLED": "false", "SNOWFLAKE_LOCK": "false", **rows}
    told |= {"RSA_PUBLIC_KEY_FP": first or "null", "RSA_PUBLIC_KEY_2_FP": second or "null"}
    return "property\tvalue\tdefault\tdescription\n" + "\n".join(f"{k}\t{v}\tnull\tText" for k, v in told.items())


DETAILS = json.dumps({"clientIP": "203.0.113.9", "username": "JANE", "errorCode": "394304", "timestamp": NOW})
HISTORY = (
    "EVENT_TIMESTAMP,EVENT_TYPE,USER_NAME,CLIENT_IP,IS_SUCCESS,ERROR_CODE,ERROR_MESSAGE\n"
    "2026-11-21 10:00:00,LOGIN,,203.0.113.9,NO,394300,JWT_TOKEN_INVALID_USER_IN_ISSUER\n"
    "2026-11-20 10:00:00,LOGIN,JANE,203.0.113.9,YES,,\n"
)
PAIRS = (
    "name,user_name,fingerprint,role_scope,status,created_on\n"
    "ETL_KEY,JANE,{fingerprint},,{status},2026-07-20 10:00:00\n"
)
USERS = (
    "name,created_on,login_name,display_name,disabled,default_warehouse,default_role,has_password,has_rsa_public_key\n"
    "JANE,2026-01-01,jane@example.com,Jane,false,WH,LOADER,false,false\n"
)
USERS_AS_JSON = json.dumps(
    [{"name": "JANE", "login_name": "jane@example.com", "disabled": "false", "default_role": None,
      "has_rsa_public_key": False}],
    indent=2,
)  # fmt: skip


def kinds(text: str) -> list[str]:
    return [recognised.kind for recognised in read(text, NOW)]


def facts(text: str) -> dict[str, str]:
    return {fact.name: fact.value for recognised in read(text, NOW) for fact in recognised.facts}


def diagnosed(*pasted: str) -> Diagnosis:
    return conclude(fact for recognised in read("\n\n".join(pasted), NOW) for fact in recognised.facts)


def causes(*pasted: str) -> list[str]:
    return [finding.cause.id for finding in diagnosed(*pasted).findings]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (REFUSED, "error"),
        (json.dumps({"code": "390144", "message": f"JWT token is invalid. [{UUID}]"}), "sql-answer"),
        (DETAILS, "failure-details"),
        (HISTORY, "login-history"),
        (desc_user(), "desc-user"),
        (PAIRS.format(fingerprint=fingerprint(), status="ACTIVE"), "key-pairs"),
        (USERS, "show-users"),
        (USERS_AS_JSON, "show-users"),
        (token(), "token"),
        (f"Authorization: Bearer {token()}", "token"),
        (public_pem(), "public-key"),
        (f"ALTER USER JANE SET RSA_PUBLIC_KEY='{PublicKey.of_private(key()).base64}';", "public-key"),
        (fingerprint(), "fingerprint"),
        ("Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:c3:", "openssl"),
        (private_pem(), "private-key"),
        (private_pem().replace("\n", " "), "private-key"),
        (private_pem().replace("\n", "\\n"), "private-key"),
        ("".join(private_pem().split("\n")[1:-2]), "private-key"),
        ("the weather is fine", "unknown"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)
def test_each_kind_is_recognised(text: str, kind: str) -> None:
    assert kinds(text)[0] == kind


def test_nothing_is_recognised_in_nothing() -> None:
    assert read(" \n\t ", NOW) == ()


def test_several_things_at_once_are_recognised_one_by_one() -> None:
    found = kinds(f"{REFUSED}\n\n{desc_user()}\n\n{token()}\n\n{public_pem()}\n\n{private_pem()}")
    assert sorted(found) == ["desc-user", "error", "private-key", "public-key", "token"]


@pytest.mark.parametrize("form", [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("joined", ["\n", " ", "\\n", ""])
def test_no_piece_of_a_private_key_or_a_signature_is_kept(form: serialization.PrivateFormat, joined: str) -> None:
    pem = private_pem(form).replace("\n", joined)
    told = repr(read(f"{REFUSED}\n\n{pem}\n\n{token()}", NOW))
    body = "".join(private_pem(form).split("\n")[1:-2])
    assert not [piece for at in range(0, len(body) - 16, 16) if (piece := body[at : at + 16]) in told]
    assert "c2lnbmF0dXJl" not in told


def test_of_a_private_key_only_its_marker_line_is_told() -> None:
    assert facts(private_pem(serialization.PrivateFormat.TraditionalOpenSSL))["key-form"] == "pkcs1"
    assert facts(private_pem())["key-form"] == "pkcs8"


def test_an_error_tells_who_and_what_it_names() -> None:
    told = facts(REFUSED)
    assert (told["code"], told["uuid"]) == ("390144", UUID)
    assert told["error-host"] == "myorg-acct.snowflakecomputing.com"
    assert told["client"] == "python-connector"


def test_a_class_of_the_jdbc_driver_is_none_of_the_cli() -> None:
    told = facts("net.snowflake.client.jdbc.SnowflakeSQLException: JDBC driver encountered communication error.")
    assert told["client"] == "jdbc"


DBT = """14:02:11  Connection:
14:02:11    account: {account}
14:02:11    user: {user}
14:02:11    host: myorg-acct.snowflakecomputing.com
14:02:12  390144 (28000): Failed to connect to DB: myorg-acct.snowflakecomputing.com:443. JWT token is invalid.
"""
NODE = (
    '{{"level":"INFO","message":"Creating Connection[id: 1] with host: myorg-acct.snowflakecomputing.com, account: '
    'myorg-acct, accessUrl: https://myorg-acct.snowflakecomputing.com, user: {user}, role: undefined"}}\n'
    "private key path: {path}, private key pass is not provided\n390144: JWT token is invalid."
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (DBT.format(account="myorg-other", user="JANE"), "account-mismatch"),
        (DBT.format(account="myorg-acct", user="None"), "user-empty"),
        (NODE.format(user="", path="/k/a.p8"), "user-empty"),
        (NODE.format(user="JANE", path="/k/rsa_key.pub"), "key-is-public"),
    ],
)
def test_what_a_client_notes_of_its_settings_is_held_against_its_error(text: str, first: str) -> None:
    assert causes(text)[0] == first


def test_an_address_of_the_documentation_is_no_misspelt_host() -> None:
    text = "250003: certificate verify failed. See https://docs.snowflake.com/en/user-guide/client-connectivity"
    assert causes(text)[0] == "tls-intercepted"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("java.nio.file.NoSuchFileException: /opt/rsa_key.p8", "key-file-missing"),
        ("java.nio.file.AccessDeniedException: /opt/rsa_key.p8", "key-file-unreadable"),
        ("SSLCertVerificationError: certificate verify failed: Hostname mismatch", "tls-name-mismatch"),
        ("SSLCertVerificationError: certificate verify failed: certificate is not yet valid", "clock-skew"),
        ("dial tcp: lookup a-b.privatelink.snowflakecomputing.com: i/o timeout, no such host", "privatelink-name"),
        (
            "asn1: structure error: tags don't match (2 vs {class:0 tag:16 length:13 isCompound:true}) int @2",
            "key-is-public",
        ),
        (
            "asn1: structure error: tags don't match (2 vs {class:0 tag:16 length:95 isCompound:true}) int @2",
            "passphrase-missing",
        ),
        ("asn1: structure error: tags don't match (16 vs {class:0 tag:0 length:10 isCompound:true})", "key-empty"),
        (
            "asn1: structure error: tags don't match (16 vs {class:3 tag:16173 length:0 isCompound:true})",
            "key-encoding",
        ),
        ("asn1: structure error: tags don't match (4 vs {class:2 tag:3 length:9 isCompound:false})", "key-truncated"),
        ("x509: PKCS#8 wrapping contained private key with unknown algorithm: 1.2.840.10040.4.1", "key-type"),
        (
            "crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
            "key-too-short",
        ),
        (
            "Post: x509: certificate is valid for *.us-west-2.snowflakecomputing.com, not a-b.c.example",
            "tls-name-mismatch",
        ),
    ],
)
def test_what_libraries_say_is_told_apart(text: str, first: str) -> None:
    assert causes(text)[0] == first


def test_a_token_is_taken_apart_claim_by_claim() -> None:
    told = facts(token())
    assert (told["token-account"], told["token-user"]) == ("MYORG-ACCT", "JANE")
    assert told["token-fingerprint"] == fingerprint()
    assert (told["token-age"], told["token-left"], told["token-life"]) == ("5", "55", "60")


@pytest.mark.parametrize(
    ("subject", "account", "user"),
    [
        ("XY12345.US-EAST-1.JANE", "XY12345.US-EAST-1", "JANE"),
        ("XY12345.US-EAST-2.AWS.JANE.DOE", "XY12345.US-EAST-2.AWS", "JANE.DOE"),
        ("MYORG-ACCT.PRIVATELINK.JANE", "MYORG-ACCT.PRIVATELINK", "JANE"),
        ("MYORG-ACCT.JANE.DOE@EXAMPLE.COM", "MYORG-ACCT", "JANE.DOE@EXAMPLE.COM"),
    ],
)
def test_a_region_in_a_token_is_no_part_of_the_user(subject: str, account: str, user: str) -> None:
    told = facts(token(sub=subject))
    assert (told["token-account"], told["token-user"]) == (account, user)


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"sub": "XY12345.US-EAST-1.JANE"}, "account-region-in-claim"),
        ({"sub": "https://myorg-acct.snowflakecomputing.com.JANE"}, "account-url-pasted"),
        ({"sub": "myorg-acct.jane"}, "user-case"),
        ({"iss": "MYORG-ACCT.JANE"}, "token-malformed"),
        ({"iss": f"MYORG-ACCT.JOHN.{fingerprint()}"}, "token-malformed"),
        ({"alg": "HS256"}, "token-malformed"),
        ({"iat": None}, "token-malformed"),
        ({"iat": NOW + 600, "exp": NOW + 660}, "clock-skew"),
        ({"exp": NOW + 90_000}, "token-expired"),
    ],
)
def test_a_claim_that_is_wrong_is_the_finding(changes: dict[str, object], first: str) -> None:
    assert causes(token(**changes))[0] == first


def test_a_token_that_is_right_speaks_for_nothing() -> None:
    assert causes(token()) == []


def test_a_user_whom_snowflake_does_not_know_is_never_advised_to_be_altered() -> None:
    found = diagnosed("SQL compilation error: User 'JANNE' does not exist or not authorized.")
    assert found.findings[0].cause.id == "user-unknown"
    assert not [fix.sql for finding in found.findings for fix in finding.fixes if "JANNE" in fix.sql]


@pytest.mark.parametrize(
    ("pasted", "first"),
    [
        ((REFUSED, desc_user(fingerprint(other_key())), public_pem()), "key-mismatch"),
        ((desc_user(fingerprint(other_key())), token()), "key-mismatch"),
        ((REFUSED, desc_user()), "key-not-registered"),
        ((REFUSED, USERS), "key-not-registered"),
        ((REFUSED, USERS_AS_JSON), "key-not-registered"),
        ((REFUSED, desc_user(LOGIN_NAME="jane@example.com"), token()), "login-name-differs"),
        ((REFUSED, desc_user(DISABLED="true")), "user-disabled"),
        ((REFUSED, token(sub="OTHERORG-ACCT.JANE")), "account-mismatch"),
        ((REFUSED, DETAILS), "key-mismatch"),
        ((PAIRS.format(fingerprint=fingerprint(), status="DISABLED"), public_pem()), "key-pair-disabled"),
        ((PAIRS.format(fingerprint=fingerprint(), status="EXPIRED"), token()), "key-pair-expired"),
    ],
)
def test_what_contradicts_each_other_comes_first(pasted: tuple[str, ...], first: str) -> None:
    assert causes(*pasted)[0] == first


def test_what_is_known_of_a_user_is_as_old_as_the_answer() -> None:
    (finding, *_) = diagnosed(desc_user(fingerprint(other_key())), public_pem()).findings
    assert "when that was asked" in finding.because
    assert not finding.certain


def test_a_cause_that_is_ruled_out_is_told_so_once() -> None:
    found = diagnosed(REFUSED, desc_user(fingerprint()), public_pem())
    told = {ruled_out.cause.id: ruled_out.because for ruled_out in found.ruled_out}
    assert {"key-mismatch", "key-not-registered"} <= set(told)
    assert "showed the key" in told["key-mismatch"]
    assert not {finding.cause.id for finding in found.findings} & set(told)


def test_a_bare_refusal_asks_for_the_reason_by_its_number() -> None:
    settle = diagnosed(REFUSED).settle
    assert settle
    assert (settle.who, settle.kind) == ("your Snowflake administrator", "failure-details")
    assert settle.sql == f"SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{UUID}');"
    without_number = diagnosed("JWT token is invalid.").settle
    assert without_number
    assert "square brackets" in without_number.what


def test_the_words_that_ask_for_the_reason_name_no_place_and_so_are_right_everywhere() -> None:
    settle = diagnosed(REFUSED).settle
    asked = failure_details_fix(Symptom("answer", code="390144", facts={"uuid": UUID}))
    assert settle
    assert asked
    assert (settle.what, settle.sql) == (asked.what, asked.sql)
    assert not {"here", "below", "above"} & set(settle.what.replace(",", "").split())


def test_where_the_reason_is_known_nothing_is_left_to_settle() -> None:
    assert diagnosed(DETAILS.replace("394304", "394306")).settle is None


UNSPECIFIED = (
    "snowflake.connector.errors.DatabaseError: 250001 (08001): Failed to login: Authentication failed. Unspecified"
)


def test_a_sentence_that_several_causes_print_asks_for_what_tells_them_apart() -> None:
    found = diagnosed(UNSPECIFIED)
    assert [finding.cause.id for finding in found.findings] == [
        "passphrase-wrong",
        "passphrase-missing",
        "key-too-short",
    ]
    assert found.settle
    assert "openssl pkey" in found.settle.what
    assert causes(UNSPECIFIED, "Private-Key: (1024 bit, 2 primes)")[0] == "key-too-short"


def test_the_first_line_of_a_key_tells_its_form_and_what_it_rules_out() -> None:
    found = diagnosed(UNSPECIFIED, "-----BEGIN PRIVATE KEY-----")
    assert [finding.cause.id for finding in found.findings] == ["key-too-short"]
    assert {ruled_out.cause.id for ruled_out in found.ruled_out} == {"passphrase-wrong", "passphrase-missing"}
    refused = "Private key provided is not in PKCS#8 format. Please use correct format."
    assert causes(refused, "-----BEGIN RSA PRIVATE KEY-----")[0] == "key-pkcs1"
    assert causes(refused, "-----BEGIN OPENSSH PRIVATE KEY-----")[0] == "key-openssh"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Unable to load PEM file. InvalidData(Invalid symbol 92, offset 0.)", "key-newlines-lost"),
        ("Could not read private key file: Permission denied (os error 13)", "key-file-unreadable"),
        ("x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)", "key-pkcs1"),
    ],
)
def test_the_causes_that_the_readme_promises_are_reached(text: str, first: str) -> None:
    assert causes(text)[0] == first
