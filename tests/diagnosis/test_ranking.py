"""What the live test saw and what the journey knows are put together to the likeliest cause."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.diagnosis import CATALOGUE, KINDS, Background, Finding, Symptom, diagnose, failure_details_fix
from wizard.diagnosis.cause import Fix, Statement
from wizard.diagnosis.conclusion import most_likely_first
from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.live import known
from wizard.diagnosis.rules import Opinion
from wizard.diagnosis.statements import fill
from wizard.snowflake.account import read_account
from wizard.snowflake.codes import Code
from wizard.snowflake.user import NOT_TOLD, Described, NamedKey, Place

OF_THE_SESSION = {"failure_details", "grant_warehouse"}
NAME_NO_USER = {"account_identifier", "current_user", "locator_and_region"} | OF_THE_SESSION
UUID = "0d9a1c52-7a50-4f0e-9c8e-6d0f3f6f2b11"
OURS = "SHA256:" + base64.b64encode(b"o" * 32).decode()
THEIRS = "SHA256:" + base64.b64encode(b"t" * 32).decode()
PUBLIC_KEY = base64.b64encode(b"\x30" + b"k" * 293).decode()
REFUSED = Symptom("answer", "390144", 401, f"JWT token is invalid. [{UUID}]")


def background(**changes: Any) -> Background:
    known = Background(
        account=read_account("myorg-my_acct"),
        user_name="JANE",
        fingerprint=OURS,
        public_key=PUBLIC_KEY,
        registered=True,
    )
    return replace(known, **changes)


def seen(**changes: Any) -> Background:
    """DESC USER was pasted: all is well with the user, apart from ``changes``."""
    fine = Described(name="JANE", login_name="JANE", disabled=False, locked=False, slots=(OURS, ""))
    slot, passed = changes.pop("slot", 1), changes.pop("passed", False)
    described = replace(fine, **changes)
    return background(described=described, slot=slot, place=described.place_of(OURS), passed=passed)


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.cause.id for finding in findings]


@pytest.mark.parametrize(
    ("journey", "first"),
    [
        (background(registered=False), "key-not-registered"),
        (background(), "key-not-registered"),
        (background(verify_skipped=True), "key-not-registered"),
        (seen(slots=("", "")), "key-not-registered"),
        (seen(slots=("", None)), "key-not-registered"),
        (seen(slots=(THEIRS, "")), "key-mismatch"),
        (seen(slots=(None, THEIRS)), "key-mismatch"),
        (seen(slots=("", ""), pair=NamedKey("ETL", OURS, "DISABLED")), "key-pair-disabled"),
        (seen(slots=(THEIRS, None), pair=NamedKey("ETL", OURS, "EXPIRED")), "key-pair-expired"),
        (seen(slots=(THEIRS, None), pair=NamedKey("ETL", OURS, "ACTIVE")), "account-mismatch"),
        (seen(login_name="jane@example.com"), "login-name-differs"),
        (seen(disabled=True), "user-disabled"),
        (seen(locked=True), "user-locked"),
        (seen(days_to_expiry=-1.0), "user-expired"),
        (seen(name="OTHER", login_name=""), "key-not-registered"),
        (seen(), "account-mismatch"),
        (seen(slots=("", OURS)), "account-mismatch"),
    ],
)
def test_the_journey_decides_what_a_bare_refusal_means(journey: Background, first: str) -> None:
    findings = diagnose(REFUSED, journey)
    assert ids(findings)[0] == first
    assert not findings[0].certain


@pytest.mark.parametrize("journey", [seen(passed=True), background(passed=True)])
def test_what_was_right_when_this_very_login_passed_is_not_blamed_first(journey: Background) -> None:
    findings = diagnose(REFUSED, journey)
    assert ids(findings)[0] == "key-replaced"
    assert "has passed before" in findings[0].because
    assert not {"account-mismatch", "account-form", "login-name-differs"} & set(ids(findings)[:2])


NOT_ABOUT_THE_TOKEN = [
    *(Symptom(kind) for kind in KINDS if kind not in ("key", "token", "answer")),
    Symptom("not-json", http_status=200),
    *(Symptom("answer", code, 200) for code in (Code.USER_DISABLED, Code.USER_LOCKED, Code.NETWORK_POLICY)),
    *(Symptom("answer", code, 200) for code in (Code.AUTHENTICATION_POLICY, Code.TOO_MANY_REQUESTS)),
    Symptom("answer", http_status=503),
]


@pytest.mark.parametrize("symptom", NOT_ABOUT_THE_TOKEN, ids=lambda symptom: symptom.code or symptom.kind)
def test_a_login_that_passed_before_blames_no_key_for_what_has_nothing_to_do_with_one(symptom: Symptom) -> None:
    findings = diagnose(symptom, background(passed=True))
    assert ids(findings)[0] == ids(diagnose(symptom, background()))[0]
    assert "key-replaced" not in ids(findings)


@pytest.mark.parametrize("journey", [background(), background(verify_skipped=True), background(registered=False)])
def test_where_nobody_has_looked_at_the_user_the_first_thing_to_do_is_to_look(journey: Background) -> None:
    first = diagnose(REFUSED, journey)[0]
    assert (first.fixes[0].sql, first.fixes[0].step) == ("DESC USER JANE;", "verify")
    assert [fix.sql for fix in first.fixes].count("DESC USER JANE;") == 1


@pytest.mark.parametrize("journey", [seen(), seen(slots=(THEIRS, "")), seen(locked=True), Background()])
def test_who_has_looked_at_the_user_is_not_sent_to_look_again(journey: Background) -> None:
    assert not any(fix.step == "verify" and "Look first" in fix.what for fix in diagnose(REFUSED, journey)[0].fixes)


def test_a_clock_that_is_off_explains_a_bare_refusal() -> None:
    findings = diagnose(replace(REFUSED, facts={"skew_seconds": "-240"}), seen())
    assert ids(findings)[0] == "clock-skew"
    assert "240 seconds" in findings[0].because


def test_what_the_wizards_own_token_cannot_have_wrong_is_never_blamed() -> None:
    impossible = {"account-region-in-claim", "account-dot-form", "account-url-pasted", "user-case", "token-malformed"}
    for journey in (background(), seen(), Background()):
        assert impossible.isdisjoint(ids(diagnose(REFUSED, journey)))


def test_a_bare_refusal_offers_the_statement_that_tells_the_reason() -> None:
    first = diagnose(REFUSED, background())[0]
    assert first.fixes[-1].sql == f"SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{UUID}');"
    assert first.fixes[-1].who == "your Snowflake administrator"
    assert failure_details_fix(REFUSED) == first.fixes[-1]
    assert failure_details_fix(Symptom("answer", "", message=f"Login failed. [{UUID}]")) == first.fixes[-1]
    assert failure_details_fix(Symptom("answer", "390144", message="JWT token is invalid.")) is None
    assert failure_details_fix(Symptom("answer", "394304", message=UUID)) is None


def test_the_sql_of_a_fix_is_complete() -> None:
    (finding, *_) = diagnose(Symptom("answer", "394304"), background(described=Described(name="JANE", slots=("", ""))))
    assert finding.cause.id == "key-not-registered"
    assert finding.certain
    statement = finding.fixes[0].sql
    assert statement.startswith("ALTER USER JANE SET RSA_PUBLIC_KEY")
    assert PUBLIC_KEY in statement
    assert statement.endswith(";")


@pytest.mark.parametrize(
    ("slots", "certain", "words"),
    [
        (("", ""), True, "DESC USER showed both slots empty"),
        (("", None), False, "DESC USER showed slot 1 empty, and the other one was not shown"),
        ((None, ""), False, "DESC USER showed slot 2 empty, and the other one was not shown"),
        ((None, None), False, "nobody has looked whether it is there"),
    ],
)
def test_only_a_slot_that_was_shown_is_called_empty(
    slots: tuple[str | None, str | None], certain: bool, words: str
) -> None:
    finding = diagnose(Symptom("answer", "394304"), seen(slots=slots))[0]
    assert (finding.cause.id, finding.certain) == ("key-not-registered", certain)
    assert words in finding.because


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(slot=2), "it was seen in slot 2 before"),
        (Place(pair="ETL_KEY"), "it was seen as the named key pair ETL_KEY before"),
        (NOT_TOLD, "it was seen before"),
    ],
)
def test_a_key_that_was_seen_is_spoken_of_with_its_place(place: Place, words: str) -> None:
    finding = diagnose(Symptom("answer", "394304"), background(place=place))[0]
    assert finding.cause.id == "key-replaced"
    assert words in finding.because


@pytest.mark.parametrize("slots", [("", ""), (THEIRS, ""), (THEIRS, None)])
def test_a_key_seen_outside_of_the_slots_is_never_told_to_be_put_over_one_in_a_slot(
    slots: tuple[str | None, str | None],
) -> None:
    pair = NamedKey("ETL_KEY", OURS, "ACTIVE")
    for code in ("390144", "394304", "394306"):
        findings = diagnose(Symptom("answer", code, 401), seen(slots=slots, pair=pair, slot=0))
        statements = [fix.sql for finding in findings for fix in finding.fixes]
        assert not [statement for statement in statements if "RSA_PUBLIC_KEY" in statement]


@pytest.mark.parametrize("statement", [name for name in get_args(Statement) if name])
def test_every_statement_that_a_fix_can_name_is_written_out(statement: Statement) -> None:
    session = {"uuid": UUID, "session-role": "LOADER", "session-warehouse": "LOAD_WH", "ip": "192.0.2.7"}
    told = Evidence((*known(background()), *(Fact(name, value, "the live test") for name, value in session.items())))
    sql = fill(Fix("Run this.", "you", statement=statement), told).sql
    assert sql.endswith(";")
    assert ("JANE" in sql) is (statement not in NAME_NO_USER)
    nothing_known = fill(Fix("Run this.", "you", statement=statement), Evidence(())).sql
    assert nothing_known == ("" if statement not in NAME_NO_USER or statement in OF_THE_SESSION else sql)


@pytest.mark.parametrize(
    ("role", "default_role", "granted", "because"),
    [
        ("LOADER", "", "LOADER", "did not let the session use the role LOADER"),
        ("PUBLIC", "REPORTER", "REPORTER", "the session has no role of its own"),
        ("NONE", "Mixed Case", '"Mixed Case"', "the session has no role of its own"),
        ("PUBLIC", "", "", "the session has no role of its own"),
    ],
)
def test_the_role_that_is_missing_is_granted_where_it_is_known(
    role: str, default_role: str, granted: str, because: str
) -> None:
    (finding,) = diagnose(Symptom("role", facts={"role": role}), seen(default_role=default_role))
    assert because in finding.because
    grants = [f"GRANT ROLE {granted} TO USER JANE;"] if granted else []
    assert finding.fixes[0].sql.splitlines() == ["SHOW GRANTS TO USER JANE;", *grants]


@pytest.mark.parametrize("ip", ["192.0.2.7", "", "2001:db8::7", "192.0.2.7'); --"])
def test_a_network_policy_of_the_users_own_lists_the_address_that_snowflake_saw(ip: str) -> None:
    finding = diagnose(Symptom("answer", "390422", 403, facts={"ip": ip}), background())[0]
    assert finding.fixes[0].sql.splitlines() == [
        "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER JANE;",
        "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT;",
    ], "to look comes first, and changes nothing"
    shown = "192.0.2.7" if ip == "192.0.2.7" else "<ADDRESS>"
    assert all(shown in fix.what and (ip == shown or not ip or ip not in fix.what) for fix in finding.fixes[1:3])
    own = [
        "CREATE NETWORK POLICY IF NOT EXISTS JANE_NETWORK ALLOWED_IP_LIST = ('192.0.2.7');",
        "ALTER USER JANE SET NETWORK_POLICY = JANE_NETWORK;",
    ]
    policy = finding.fixes[2].sql.splitlines()
    assert policy == (own if ip == "192.0.2.7" else []), "a policy lists IPv4 addresses and nothing else"


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (422, "123456", "The answer has status 422 and code 123456, which is in no table of this wizard."),
        (0, "123456", "The answer has code 123456, which is in no table of this wizard."),
        (422, "", "The answer has status 422, which is in no table of this wizard."),
        (0, "", "Nothing in it is known to this wizard."),
    ],
)
def test_an_answer_that_nobody_knows_is_told_by_its_numbers(status: int, code: str, words: str) -> None:
    (finding,) = diagnose(Symptom("answer", code, status, "something new"), background())
    assert (finding.cause.id, finding.because, finding.certain) == ("answer-unexpected", words, False)


def test_the_words_of_a_fix_have_the_names_that_are_known() -> None:
    (role,) = diagnose(Symptom("role", facts={"role": "Data Team"}), seen())
    assert 'GRANT ROLE "Data Team" TO USER JANE;' in role.fixes[0].what
    lost = Symptom("warehouse", facts={"warehouse": "LOAD_WH", "role": "LOADER"})
    warehouse = diagnose(lost, seen())[0]
    assert [fix.sql for fix in warehouse.fixes][1] == "GRANT USAGE ON WAREHOUSE LOAD_WH TO ROLE LOADER;"
    assert "ALTER USER JANE SET DEFAULT_WAREHOUSE" in warehouse.fixes[0].what
    assert not any("…" in fix.what for finding in (role, warehouse) for fix in finding.fixes)


def test_without_names_the_fixes_have_no_half_sql() -> None:
    for finding in diagnose(Symptom("answer", "394304"), Background()):
        assert all("<" not in fix.sql for fix in finding.fixes)


@pytest.mark.parametrize(
    ("code", "journey", "first", "certain"),
    [
        ("394300", background(), "user-unknown", False),
        ("394300", seen(login_name="jane@example.com"), "login-name-differs", True),
        ("394301", background(), "token-malformed", True),
        ("394302", background(), "clock-skew", False),
        ("394303", background(), "token-expired", False),
        ("394304", seen(slots=(THEIRS, "")), "key-mismatch", True),
        ("394304", seen(), "key-replaced", False),
        ("394304", background(registered=False), "key-not-registered", False),
        ("394305", background(), "token-malformed", True),
        ("394306", background(), "signature-broken", True),
        ("394307", background(), "account-mismatch", True),
        ("390101", background(), "user-disabled", True),
        ("390102", background(), "user-locked", True),
        ("390100", background(), "user-unknown", False),
        ("390422", background(), "network-policy", True),
        ("390186", background(), "role-not-granted", True),
        ("390189", background(), "role-not-granted", True),
        ("391920", background(), "warehouse-unusable", True),
        ("000606", background(), "warehouse-unusable", True),
        ("390201", background(), "warehouse-unusable", False),
        ("390505", background(), "rate-limited", True),
        ("390303", background(), "token-expired", False),
        ("390318", background(), "token-expired", True),
        ("390114", background(), "session-expired", True),
        ("390202", background(), "keypair-not-allowed", False),
    ],
)
def test_an_exact_code_has_its_cause(code: str, journey: Background, first: str, certain: bool) -> None:
    finding = diagnose(Symptom("answer", code, 401), journey)[0]
    assert (finding.cause.id, finding.certain) == (first, certain)


def test_a_policy_that_is_only_named_in_words_is_not_called_certain() -> None:
    words = "Authentication attempt rejected by the current authentication policy."
    finding = diagnose(Symptom("answer", "399999", 403, words), seen())[0]
    assert (finding.cause.id, finding.certain) == ("keypair-not-allowed", False)


def test_the_address_that_snowflake_saw_is_named() -> None:
    finding = diagnose(Symptom("answer", "390422", 403, facts={"ip": "203.0.113.9"}), background())[0]
    assert "203.0.113.9" in finding.because


LOCATOR = background(account=read_account("xy12345", region=""))
PRIVATELINK = background(account=read_account("https://myorg-my_acct.privatelink.snowflakecomputing.com"))


@pytest.mark.parametrize(
    ("symptom", "journey", "first"),
    [
        (Symptom("name-not-found"), background(), "host-not-found"),
        (Symptom("name-not-found"), PRIVATELINK, "privatelink-name"),
        (Symptom("public-address", facts={"ip": "198.51.100.4"}), PRIVATELINK, "privatelink-name"),
        (Symptom("private-address", facts={"ip": "10.0.0.4"}), PRIVATELINK, "address-not-vouched"),
        (Symptom("address-refused", facts={"ip": "169.254.169.254"}), background(), "address-not-vouched"),
        (Symptom("timeout"), background(), "connection-blocked"),
        (Symptom("timeout"), PRIVATELINK, "privatelink-name"),
        (Symptom("refused"), background(), "connection-blocked"),
        (Symptom("reset"), background(), "connection-blocked"),
        (Symptom("cut"), background(), "connection-blocked"),
        (Symptom("certificate-issuer", facts={"issuer": "Acme Inspecting Proxy CA"}), background(), "tls-intercepted"),
        (
            Symptom("certificate-name", facts={"names": "*.us-west-2.snowflakecomputing.com"}),
            LOCATOR,
            "tls-name-mismatch",
        ),
        (Symptom("certificate-name"), PRIVATELINK, "account-underscore"),
        (Symptom("tls"), background(), "tls-intercepted"),
        (
            Symptom("clock", facts={"skew_seconds": "95.4", "whose_clock": "this server's clock"}),
            background(),
            "clock-skew",
        ),
        (Symptom("not-json", http_status=404), background(), "account-not-found"),
        (Symptom("not-json", http_status=403), LOCATOR, "account-not-found"),
        (Symptom("not-json", http_status=200), background(), "proxy-page"),
        (Symptom("not-json", http_status=407), background(), "connection-blocked"),
        (Symptom("not-json", http_status=503), background(), "snowflake-unavailable"),
        (Symptom("not-json", http_status=429), background(), "rate-limited"),
        (Symptom("redirect", http_status=302), background(), "proxy-page"),
        (Symptom("too-large", http_status=200), background(), "proxy-page"),
        (Symptom("answer", http_status=503), background(), "snowflake-unavailable"),
        (Symptom("answer", "123456", 422, "something new"), background(), "answer-unexpected"),
        (Symptom("role", facts={"role": "LOADER"}), background(), "role-not-granted"),
        (Symptom("warehouse"), background(), "warehouse-unusable"),
        (Symptom("identity", facts={"user": "JOHN", "expected_user": "JANE"}), background(), "login-name-differs"),
        (
            Symptom("identity", facts={"account": "ORG-B", "expected_account": "ORG-A"}),
            background(),
            "identity-differs",
        ),
        (
            Symptom("key", facts={"cause": "key-openssh", "reason": "The file begins with BEGIN OPENSSH."}),
            background(),
            "key-openssh",
        ),
        (Symptom("key", message="Bad decrypt. Incorrect password?"), background(), "passphrase-wrong"),
        (Symptom("key"), background(), "key-mismatch"),
        (Symptom("token"), background(), "token-malformed"),
        (Symptom("token", facts={"cause": "clock-skew"}), background(), "clock-skew"),
    ],
)
def test_each_kind_of_symptom_leads_to_its_cause(symptom: Symptom, journey: Background, first: str) -> None:
    assert ids(diagnose(symptom, journey))[0] == first


def test_a_locator_without_region_is_mentioned() -> None:
    assert "without a region" in diagnose(Symptom("not-json", http_status=404), LOCATOR)[0].because


def test_whose_clock_and_by_how_much_is_said() -> None:
    symptom = Symptom("clock", facts={"skew_seconds": "95.4", "whose_clock": "server"})
    assert diagnose(symptom, background())[0].because == (
        "Compared with Snowflake's clock, the clock of the server that runs this wizard is off by 95 seconds."
    )


def test_the_checks_own_words_are_the_reason_for_a_known_cause() -> None:
    symptom = Symptom("key", message=" The file begins with BEGIN OPENSSH.\nmore ", facts={"cause": "key-openssh"})
    (finding,) = diagnose(symptom, background())
    assert finding.certain
    assert finding.because == "The file begins with BEGIN OPENSSH."
    told = replace(symptom, facts={"cause": "key-openssh", "reason": "It is OpenSSH's own form."})
    assert diagnose(told, background())[0].because == "It is OpenSSH's own form."
    no_sentence = replace(symptom, message="BEGIN OPENSSH")
    assert diagnose(no_sentence, background())[0].because == "The wizard's own check found it."


def test_what_is_certain_comes_before_what_only_weighs_more() -> None:
    heavy = Opinion("clock-skew", "The clocks may differ.", 95)
    certain = Opinion("user-disabled", "Snowflake says so.", 10, certain=True)
    certain_and_heavy = Opinion("network-policy", "Snowflake says so too.", 20, certain=True)
    light = Opinion("account-form", "There are reports.", 5)
    assert most_likely_first([light, heavy, certain, certain_and_heavy]) == [certain_and_heavy, certain, heavy, light]


def test_a_cause_is_named_once_with_the_strongest_reason() -> None:
    suspected = Opinion("clock-skew", "The clocks may differ.", 95)
    measured = Opinion("clock-skew", "They were compared.", 40, certain=True)
    assert most_likely_first([suspected, measured]) == [measured]


UNPROVEN = ("account-form", "keypair-not-allowed")


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from([*KINDS, "unheard-of"]),
    code=st.sampled_from(["", "390144", "394304", "394300", "390201", "999999", "x"]),
    status=st.sampled_from([0, 200, 302, 401, 403, 404, 429, 500]),
    message=st.one_of(st.text(max_size=40), st.sampled_from(["JWT token is invalid.", "authentication policy"])),
    facts=st.dictionaries(
        st.sampled_from(["cause", "ip", "skew_seconds", "user", "names", "uuid"]), st.text(max_size=12)
    ),
    journey=st.sampled_from([Background(), background(), seen(), seen(slots=("", "")), LOCATOR, PRIVATELINK]),
)
def test_a_failed_check_always_has_causes(
    kind: str, code: str, status: int, message: str, facts: dict[str, str], journey: Background
) -> None:
    findings = diagnose(Symptom(kind, code, status, message, facts), journey)
    assert 1 <= len(findings) <= 5
    assert len(set(ids(findings))) == len(findings)
    for finding in findings:
        assert CATALOGUE[finding.cause.id] is finding.cause
        assert finding.because.endswith(".")
        assert finding.fixes
        assert not (finding.certain and finding.cause.id in UNPROVEN)
