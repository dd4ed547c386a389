"""The worksheet runs the SQL that the wizard prints, and refuses as Snowflake does."""

from __future__ import annotations

import time
import uuid
from ipaddress import IPv4Address

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from wizard.practice.outcome import Session
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.sql.evaluator import DONE
from wizard.practice.sql.reader import MAX_CHARACTERS, SqlTextError, read_statements
from wizard.practice.users import ADMINISTRATOR
from wizard.snowflake import sql
from wizard.snowflake.key import PublicKey
from wizard.snowflake.user import Place, compare, read_description


@pytest.fixture
def practice() -> Practice:
    """One whose doors stay closed: a worksheet needs none."""
    return Practice(now=lambda: 1_790_000_000.0)


@pytest.fixture
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


def admin(practice: Practice) -> Session:
    return first_session(practice, ADMINISTRATOR)


def jane(practice: Practice) -> Session:
    return first_session(practice, "JANE")


def error_of(practice: Practice, statement: str, session: Session | None = None) -> str:
    outcome = practice.run(statement, session or admin(practice))
    assert outcome.failed, outcome.results[-1].rows
    error = outcome.results[-1].error
    assert error is not None
    return error.text


def rows(practice: Practice, statement: str, session: Session | None = None) -> list[tuple[str | None, ...]]:
    outcome = practice.run(statement, session or admin(practice))
    assert not outcome.failed, outcome.results[-1].error
    return list(outcome.results[-1].rows)


def property_of(practice: Practice, user: str, name: str) -> str:
    return {str(row[0]): str(row[1]) for row in rows(practice, f'DESC USER "{user}"')}[name]


# --- the wizard's own statements ---


def test_the_wizards_block_registers_a_key_and_desc_user_shows_it(practice: Practice, key: PublicKey) -> None:
    block = sql.block(sql.use_role("SECURITYADMIN"), sql.set_public_key("JANE", key.base64), sql.describe_user("JANE"))

    outcome = practice.run(block, first_session(practice, ADMINISTRATOR))

    assert [result.error for result in outcome.results] == [None, None, None]
    assert outcome.results[1].rows == ((DONE,),)
    seen = read_description(outcome.results[2].as_copied)
    assert compare(seen, name="JANE", fingerprint=key.fingerprint).place == Place(slot=1)
    assert outcome.session.role == "SECURITYADMIN"


def test_both_slots_are_set_and_unset_each_by_itself(practice: Practice, key: PublicKey) -> None:
    practice.run(sql.set_public_key("JANE", key.base64, slot=2), admin(practice))
    assert property_of(practice, "JANE", "RSA_PUBLIC_KEY_FP") == "null"
    assert property_of(practice, "JANE", "RSA_PUBLIC_KEY_2_FP") == key.fingerprint

    practice.run(sql.unset_public_key("JANE", 2), admin(practice))
    assert property_of(practice, "JANE", "RSA_PUBLIC_KEY_2_FP") == "null"


def test_nobody_has_a_named_key_pair_yet_and_the_list_says_so(practice: Practice) -> None:
    outcome = practice.run(sql.show_user_key_pairs("JANE"), admin(practice))
    listed = read_description(outcome.results[0].as_copied)
    assert listed.lists_pairs and not listed.named_keys
    assert not practice.run("SHOW USER KEY PAIRS;", admin(practice)).failed, "without a name it is one's own list"
    assert practice.run(sql.show_user_key_pairs("NOBODY"), admin(practice)).failed


def test_a_service_user_is_created_with_its_role(practice: Practice, key: PublicKey) -> None:
    block = sql.create_service_user("svc new", role="LOADER", warehouse="LOAD_WH", public_key_base64=key.base64)

    outcome = practice.run(block, admin(practice))

    assert not outcome.failed, outcome.results[-1].error
    assert property_of(practice, "svc new", "TYPE") == "SERVICE"
    assert [row[1] for row in rows(practice, sql.show_grants_to_user("svc new"))] == ["LOADER"]
    assert first_session(practice, "svc new") == Session("svc new", "LOADER", "LOAD_WH")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (sql.CURRENT_USER, ("JANE",)),
        (sql.ACCOUNT_IDENTIFIER, ("PRACTICE-SNOWFLAKE",)),
        (sql.LOCATOR_AND_REGION, ("PX00000", "PUBLIC.AWS_US_WEST_2")),
        ("select current_role(), CURRENT_WAREHOUSE() wh, null", ("ANALYST", "COMPUTE_WH", None)),
    ],
)
def test_context_functions_tell_about_the_session(
    practice: Practice, statement: str, expected: tuple[str, ...]
) -> None:
    assert rows(practice, statement, jane(practice)) == [expected]


def test_columns_are_named_as_snowflake_names_them(practice: Practice) -> None:
    outcome = practice.run(
        "select current_user(), current_organization_name() ||  '-x' , current_role as \"My Role\"", admin(practice)
    )
    assert outcome.results[0].columns == ("CURRENT_USER()", "CURRENT_ORGANIZATION_NAME() || '-x'", "My Role")


# --- names, comments, several at once ---


def test_names_mean_what_they_mean_in_snowflake(practice: Practice) -> None:
    assert property_of(practice, "Max.Mustermann", "LOGIN_NAME") == "max@example.com"
    assert rows(practice, "describe user jane")[0][1] == "JANE"
    assert "User 'jane' does not exist or not authorized." in error_of(practice, 'DESC USER "jane"')


def test_comments_line_breaks_and_a_key_over_several_lines_do_no_harm(practice: Practice, key: PublicKey) -> None:
    lines = "\n".join(key.base64[at : at + 64] for at in range(0, len(key.base64), 64))
    outcome = practice.run(
        f"-- first\n/* a ; b */ ALTER USER IF EXISTS jane\n  SET RSA_PUBLIC_KEY = '{lines}', -- the key\n"
        "  COMMENT = 'it''s; new' ; // done\n;;\nDESC USER jane",
        admin(practice),
    )
    assert len(outcome.results) == 2
    assert property_of(practice, "JANE", "RSA_PUBLIC_KEY_FP") == key.fingerprint
    assert property_of(practice, "JANE", "COMMENT") == "it's; new"
    copied = read_description(outcome.results[1].as_copied)  # the key's line breaks are inside one cell
    assert compare(copied, name="JANE", fingerprint=key.fingerprint).place == Place(slot=1)


def test_the_first_statement_that_fails_ends_the_run(practice: Practice) -> None:
    outcome = practice.run("select 1; drop table x; select 2", admin(practice))
    assert len(outcome.results) == 2
    assert outcome.failed


# --- refusals ---


def bad_keys() -> dict[str, tuple[str, str]]:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()  # noqa: S505  # that is the point
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = PublicFormat.SubjectPublicKeyInfo

    def base64_of(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
        return "".join(public.public_bytes(Encoding.PEM, spki).decode().splitlines()[1:-1])

    return {
        "placeholder": ("<paste your key here>", "'Invalid public key'"),
        "ssh": ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", "'Invalid public key'"),
        "pem": (small.public_bytes(Encoding.PEM, spki).decode(), "'Invalid public key'"),
        "short": (base64_of(small), "Key length 1024 is smaller than minimal requirement of 2048."),
        "curve": (base64_of(curve), "unsupported key algorithm"),
    }


@pytest.mark.parametrize("kind", ["placeholder", "ssh", "pem", "short", "curve"])
def test_a_bad_key_is_refused_in_snowflakes_words(practice: Practice, kind: str) -> None:
    text, reason = bad_keys()[kind]
    refused = error_of(practice, f"ALTER USER JANE SET RSA_PUBLIC_KEY='{text}'")
    assert "New public key rejected by current policy. Reason: '" in refused
    assert reason in refused


def test_a_truncated_key_and_one_with_a_tail_are_refused(practice: Practice, key: PublicKey) -> None:
    for text in (key.base64[:-8], key.base64[:200], key.base64 + "AAAA"):
        assert "Invalid public key" in error_of(practice, f"ALTER USER JANE SET RSA_PUBLIC_KEY='{text}'")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER USER nobody SET COMMENT='x'", "002003 (02000): SQL compilation error:\nUser 'NOBODY' does not exist"),
        ("DESC USER nobody", "User 'NOBODY' does not exist or not authorized."),
        ("USE ROLE nobody", "Role 'NOBODY' does not exist or not authorized."),
        ("USE WAREHOUSE nowhere", "Object does not exist"),
        ("ALTER USER jane SET SHOE_SIZE = 42", "invalid property 'SHOE_SIZE' for 'USER'"),
        ("ALTER USER jane", "syntax error line 1 at position 15 unexpected '<EOF>'."),
        ("ALTER jane", "syntax error line 1 at position 0 unexpected 'ALTER'."),
        ("select\n  current_usr()", "Unknown function CURRENT_USR"),
        ("select foo", "000904 (42000)"),
        ("select 1 from users", "syntax error line 1 at position 9 unexpected 'from'."),
        ("select 'open", "parse error line 1 at position 7"),
        ("CREATE USER jane", "002002 (42710): SQL compilation error:\nObject 'JANE' already exists."),
        ("ALTER USER jane SET LOGIN_NAME='svc_etl'", "already exists"),
        ("ALTER USER jane SET DISABLED = maybe", "invalid value"),
    ],
)
def test_what_can_not_be_done_is_refused_in_snowflakes_words(practice: Practice, statement: str, words: str) -> None:
    assert words in error_of(practice, statement)


def test_an_analyst_may_look_at_herself_and_alter_nobody(practice: Practice, key: PublicKey) -> None:
    me = jane(practice)
    assert rows(practice, "DESC USER jane", me)[0][1] == "JANE"
    for statement in (
        sql.set_public_key("JANE", key.base64),
        "ALTER USER svc_etl SET COMMENT='x'",
        "DESC USER svc_etl",
    ):
        assert "003001 (42501): SQL access control error:\nInsufficient privileges to operate on user" in error_of(
            practice, statement, me
        )
    assert "Requested role 'ACCOUNTADMIN' is not assigned to the executing user." in error_of(
        practice, "use role accountadmin", me
    )
    assert rows(practice, "ALTER USER SET DEFAULT_WAREHOUSE = LOAD_WH", me) == [(DONE,)]


def test_the_grant_that_lets_somebody_else_set_keys_does(practice: Practice, key: PublicKey) -> None:
    practice.run(sql.grant_programmatic_authentication("SVC_ETL", "ANALYST"), admin(practice))

    assert rows(practice, sql.set_public_key("SVC_ETL", key.base64), jane(practice)) == [(DONE,)]
    assert "Insufficient privileges" in error_of(practice, "ALTER USER svc_etl SET COMMENT='x'", jane(practice))


def test_failure_details_are_for_administrators(practice: Practice) -> None:
    statement = sql.login_failure_details(str(uuid.uuid4()))
    assert rows(practice, statement) == [(None,)]
    assert "Insufficient privileges" in error_of(practice, statement, jane(practice))


def test_a_session_that_claims_a_role_it_has_not_gets_public(practice: Practice) -> None:
    assert rows(practice, "select current_role()", Session("JANE", "ACCOUNTADMIN")) == [("PUBLIC",)]


def test_stopping_forgets_everything(practice: Practice) -> None:
    practice.run("CREATE USER newcomer", admin(practice))
    practice.play("disabled")
    practice.stop()
    assert "NEWCOMER" not in practice.user_names()
    assert practice.scenario.slug == "fine"


@given(st.text(alphabet=st.sampled_from(list("'\"-/*;$|()\n aA1,=\\.")), max_size=200))
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        statements = read_statements(text)
    except SqlTextError:
        return
    for statement in statements:
        assert statement.text in text
        assert statement.tokens[-1].kind == "end"


WORDS = """SELECT ALTER USER DESC SET UNSET jane "q" 'text' , = ( ) || ; CURRENT_USER RSA_PUBLIC_KEY 7 AS ->> NULL
CREATE GRANT ROLE TO IF EXISTS USE SHOW GRANTS UPPER"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=30))
def test_any_statement_gives_a_grid_or_an_error(words: list[str]) -> None:
    practice = Practice()
    practice.run(" ".join(words), admin(practice))


HOSTILE = {
    "open brackets": "select " + "(" * 60_000,
    "nested calls": "select " + "upper(" * 9_000,
    "quotes": "'" * 65_001,
    "double quotes": '"' * 65_001,
    "open comments": "/*" * 30_000,
    "dashes": "-" * 65_000,
    "one long word": "a" * 65_000,
    "a long sum": "select 1" + "||'a'" * 12_000,
    "escapes": "'" + "\\'" * 30_000,
    "semicolons": ";" * 65_000,
    "numbers": "1." * 32_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_no_time(practice: Practice, text: str) -> None:
    started = time.thread_time()
    practice.run(text, admin(practice))
    assert time.thread_time() - started < 2


def test_a_text_that_is_too_long_is_refused(practice: Practice) -> None:
    assert "65,536 characters" in error_of(practice, " " * (MAX_CHARACTERS + 1))


# --- policies, and what else the wizard prints ---


def test_a_network_policy_counts_for_the_users_it_is_set_on(practice: Practice) -> None:
    rows(practice, "CREATE NETWORK POLICY IF NOT EXISTS office ALLOWED_IP_LIST = ('203.0.113.0/24', '192.0.2.1')")
    rows(practice, "ALTER USER jane SET NETWORK_POLICY = office")
    assert rows(practice, sql.show_network_policy("JANE"))[0][:2] == ("NETWORK_POLICY", "OFFICE")
    assert rows(practice, "DESC NETWORK POLICY office") == [("ALLOWED_IP_LIST", "203.0.113.0/24,192.0.2.1")]
    assert "already exists, statement succeeded." in str(
        rows(practice, "CREATE NETWORK POLICY IF NOT EXISTS office ALLOWED_IP_LIST = ()")
    )
    rows(practice, "ALTER NETWORK POLICY office SET ALLOWED_IP_LIST = ('192.0.2.2') COMMENT = 'moved'")
    assert rows(practice, "SHOW NETWORK POLICIES") == [("OFFICE", "moved", "1")]
    rows(practice, "ALTER USER jane UNSET NETWORK_POLICY")
    assert rows(practice, sql.show_network_policy("JANE"))[0][1] == ""


def test_the_policy_of_the_account_is_asked_for_beside_the_users(practice: Practice) -> None:
    outcome = practice.run(sql.show_network_policies_in_force("JANE"), admin(practice))
    assert [result.rows[0][:2] for result in outcome.results] == [("NETWORK_POLICY", "")] * 2


def test_a_warehouse_is_granted_to_a_role_that_there_is(practice: Practice) -> None:
    assert not practice.run(sql.grant_warehouse("ANALYST", "COMPUTE_WH"), admin(practice)).failed
    assert "does not exist" in error_of(practice, sql.grant_warehouse("ANALYST", "NOWHERE"))
    assert "does not exist" in error_of(practice, sql.grant_warehouse("NOBODY", "COMPUTE_WH"))


def test_the_wizards_own_network_policy_can_be_run_again(practice: Practice) -> None:
    block = sql.allow_address("jane.doe", IPv4Address("192.0.2.1"))
    practice.run('CREATE USER "jane.doe"', admin(practice))
    for _ in range(2):
        assert not practice.run(block, admin(practice)).failed


def test_an_authentication_policy_is_found_on_its_user_and_changed_there(practice: Practice) -> None:
    rows(practice, "CREATE AUTHENTICATION POLICY db.s.no_keys AUTHENTICATION_METHODS = ('SAML')")
    rows(practice, "ALTER USER jane SET AUTHENTICATION POLICY db.s.no_keys")
    outcome = practice.run(sql.show_authentication_policies("JANE"), admin(practice))
    assert [[row[0] for row in result.rows] for result in outcome.results] == [["NO_KEYS"], []]
    rows(practice, "ALTER AUTHENTICATION POLICY IF EXISTS no_keys SET AUTHENTICATION_METHODS = ('SAML', 'KEYPAIR')")
    assert ("AUTHENTICATION_METHODS", "[SAML, KEYPAIR]") in rows(practice, "DESCRIBE AUTHENTICATION POLICY no_keys")
    assert "already has a AUTHENTICATION_POLICY" in error_of(
        practice, "ALTER USER jane SET AUTHENTICATION POLICY no_keys"
    )
    rows(practice, "ALTER USER jane SET AUTHENTICATION POLICY no_keys FORCE")
    rows(practice, "ALTER USER jane UNSET AUTHENTICATION POLICY")
    assert rows(practice, "SHOW AUTHENTICATION POLICIES ON USER jane") == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER USER jane SET NETWORK_POLICY = nowhere", "Network policy 'NOWHERE' does not exist or not authorized."),
        ("ALTER USER jane SET AUTHENTICATION POLICY a.b.none", "Authentication policy 'NONE' does not exist"),
        ("ALTER USER nobody UNSET AUTHENTICATION POLICY", "User 'NOBODY' does not exist"),
        ("ALTER NETWORK POLICY nowhere SET ALLOWED_IP_LIST = ()", "Network policy 'NOWHERE' does not exist"),
        ("CREATE NETWORK POLICY p ALLOWED_IP_LIST = ('somewhere')", "invalid value [somewhere]"),
        ("CREATE AUTHENTICATION POLICY p AUTHENTICATION_METHODS = ('HANDSHAKE')", "invalid value [HANDSHAKE]"),
        ("CREATE NETWORK POLICY p AUTHENTICATION_METHODS = ('SAML')", "unexpected 'AUTHENTICATION_METHODS'"),
        ("DESC NETWORK POLICY nowhere", "does not exist"),
        ("SHOW AUTHENTICATION POLICIES ON USER nobody", "User 'NOBODY' does not exist"),
        ("SHOW PARAMETERS LIKE 'TIMEZONE' IN USER jane", "no parameter but NETWORK_POLICY"),
    ],
)
def test_a_policy_that_can_not_be_is_refused_in_snowflakes_words(
    practice: Practice, statement: str, words: str
) -> None:
    assert words in error_of(practice, statement)


def test_policies_are_for_administrators(practice: Practice) -> None:
    practice.run("CREATE AUTHENTICATION POLICY p", admin(practice))
    for statement in (
        "CREATE NETWORK POLICY q",
        "ALTER AUTHENTICATION POLICY p SET COMMENT = 'x'",
        "DESC AUTHENTICATION POLICY p",
        "SHOW NETWORK POLICIES",
        "ALTER USER jane SET AUTHENTICATION POLICY p",
        "ALTER USER jane SET NETWORK_POLICY = q",
    ):
        assert "Insufficient privileges" in error_of(practice, statement, jane(practice))


def test_a_role_is_granted_and_the_warehouses_are_shown_as_the_wizard_prints_it(practice: Practice) -> None:
    practice.run(sql.grant_role("JANE", "REPORTER"), admin(practice))
    assert [row[1] for row in rows(practice, sql.show_grants_to_user("JANE"))] == ["ANALYST", "REPORTER"]
    assert [row[0] for row in rows(practice, sql.show_warehouses("JANE"))] == ["COMPUTE_WH", "LOAD_WH"]


def test_no_two_users_sign_in_alike_when_a_scenario_ends(practice: Practice) -> None:
    practice.play("login-name-differs")
    assert "already exists" in error_of(practice, "ALTER USER svc_etl SET LOGIN_NAME = jane")
    rows(practice, "ALTER USER jane SET LOGIN_NAME = jane")
    assert not practice.is_broken("JANE")
