"""The statements people are asked to run, and that no name can bend them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.snowflake import sql
from wizard.snowflake.user import UserNameError, read_user_name

KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A+/=="
UUID = "7fb87e37-2f26-4a10-9f9c-72276ea898bf"


def test_the_key_is_set_as_snowflakes_documentation_writes_it():
    assert sql.set_public_key("JANE", KEY) == f"ALTER USER JANE SET RSA_PUBLIC_KEY='{KEY}';"
    assert sql.set_public_key("JANE", KEY, slot=2) == f"ALTER USER JANE SET RSA_PUBLIC_KEY_2='{KEY}';"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (sql.unset_public_key("JANE", 1), "ALTER USER JANE UNSET RSA_PUBLIC_KEY;"),
        (sql.unset_public_key("JANE", 2), "ALTER USER JANE UNSET RSA_PUBLIC_KEY_2;"),
        (sql.remove_key_pair("jane", "LAPTOP"), 'ALTER USER "jane" REMOVE KEY PAIR LAPTOP;'),
        (sql.add_key_pair("JANE", "DBT_KEY", KEY), f"ALTER USER JANE ADD KEY PAIR DBT_KEY PUBLIC_KEY = '{KEY}';"),
        (
            sql.add_key_pair("JANE", "my key", KEY, role="LOADER", days=90, comment="Jane's laptop"),
            (
                f"ALTER USER JANE ADD KEY PAIR \"my key\" PUBLIC_KEY = '{KEY}' ROLE_RESTRICTION = 'LOADER' "
                "DAYS_TO_EXPIRY = 90 COMMENT = 'Jane''s laptop';"
            ),
        ),
        (
            sql.add_key_pair("JANE", "DBT_KEY", KEY, role="Load all"),
            f"ALTER USER JANE ADD KEY PAIR DBT_KEY PUBLIC_KEY = '{KEY}' ROLE_RESTRICTION = '\"Load all\"';",
        ),
        (
            sql.rotate_key_pair("JANE", "DBT_KEY", KEY),
            f"ALTER USER JANE ROTATE KEY PAIR DBT_KEY PUBLIC_KEY = '{KEY}';",
        ),
        (
            sql.rotate_key_pair("JANE", "DBT_KEY", KEY, hours=0),
            f"ALTER USER JANE ROTATE KEY PAIR DBT_KEY PUBLIC_KEY = '{KEY}' EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS = 0;",
        ),
        (sql.disable_key_pair("JANE", "DBT_KEY"), "ALTER USER JANE MODIFY KEY PAIR DBT_KEY SET DISABLED = TRUE;"),
        (
            sql.disable_key_pair("JANE", "DBT_KEY", disabled=False),
            "ALTER USER JANE MODIFY KEY PAIR DBT_KEY SET DISABLED = FALSE;",
        ),
        (
            sql.comment_key_pair("JANE", "DBT_KEY", "of dbt"),
            "ALTER USER JANE MODIFY KEY PAIR DBT_KEY SET COMMENT = 'of dbt';",
        ),
        (
            sql.rename_key_pair("JANE", "DBT_KEY", "dbt key"),
            'ALTER USER JANE MODIFY KEY PAIR DBT_KEY RENAME TO "dbt key";',
        ),
        (sql.show_user_key_pairs("JANE"), "SHOW USER KEY PAIRS FOR USER JANE;"),
        (sql.use_role("USERADMIN"), "USE ROLE USERADMIN;"),
        (sql.describe_user("jane@example.com"), 'DESC USER "jane@example.com";'),
        (sql.show_grants_to_user("JANE"), "SHOW GRANTS TO USER JANE;"),
        (sql.unlock_user("JANE"), "ALTER USER JANE SET MINS_TO_UNLOCK = 0;"),
        (sql.enable_user("JANE"), "ALTER USER JANE SET DISABLED = FALSE;"),
        (
            sql.grant_programmatic_authentication("JANE", "key admin"),
            'GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER JANE TO ROLE "key admin";',
        ),
        (sql.login_failure_details(UUID), f"SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{UUID}');"),
        (sql.create_service_user("SVC"), "CREATE USER SVC TYPE = SERVICE;"),
        (
            sql.create_service_user("SVC", comment="it's here; owner: data"),
            "CREATE USER SVC TYPE = SERVICE COMMENT = 'it''s here; owner: data';",
        ),
        (
            sql.create_service_user("S", "LOADER", "WH", KEY),
            sql.block(
                f"CREATE USER S TYPE = SERVICE DEFAULT_ROLE = LOADER DEFAULT_WAREHOUSE = WH RSA_PUBLIC_KEY = '{KEY}';",
                "GRANT ROLE LOADER TO USER S;",
            ),
        ),
        (sql.block("A;", "B;"), "A;\nB;"),
    ],
)
def test_each_statement_reads_as_it_should(statement: str, text: str):
    assert statement == text


def test_constants_are_single_statements():
    for statement in (sql.CURRENT_USER, sql.ACCOUNT_IDENTIFIER, sql.LOCATOR_AND_REGION):
        assert statement.startswith("SELECT CURRENT_")
        assert statement.count(";") == 1


@pytest.mark.parametrize("name", ["JANE", "_X", "A1_$B", "SVC_ETL"])
def test_a_plain_name_stands_bare(name: str):
    assert sql.quote_identifier(name) == name


@pytest.mark.parametrize(
    "name",
    ["jane", "Jane", "1A", "A B", "A.B", "A-B", "É", "$A", "A$$B", "ORDER", "TABLE", "CURRENT_USER", "A;", "A\u00a0B"],
)
def test_any_other_name_stands_in_quotes(name: str):
    assert sql.quote_identifier(name) == f'"{name}"'


def test_a_quote_in_a_name_is_doubled():
    assert sql.quote_identifier('x"; DROP USER y; --') == '"x""; DROP USER y; --"'


def test_a_backslash_in_a_text_is_doubled_like_a_quote():
    assert sql.string_literal("it's \\") == "'it''s \\\\'"


@pytest.mark.parametrize("name", ["", "a" * 256, "a\nb", "a\u202eb", "a\u200bb", "a\x00b", "a\u2028b"])
def test_a_name_that_should_never_get_here_is_refused_here_too(name: str):
    with pytest.raises(UserNameError):
        sql.describe_user(name)


@pytest.mark.parametrize(
    "key", ["", "x'; DROP USER y; --", "MIIB\nIjAN", "-----BEGIN PUBLIC KEY-----", "MIIB\n", "a=b"]
)
def test_only_base64_on_one_line_is_a_key(key: str):
    for write in (sql.set_public_key, *OF_A_PAIR):
        with pytest.raises(ValueError, match="base64"):
            write("JANE", key)


OF_A_PAIR: list[Callable[[str, str], str]] = [
    lambda user, key: sql.add_key_pair(user, "A", key),
    lambda user, key: sql.rotate_key_pair(user, "A", key),
]


@pytest.mark.parametrize("name", ["PUBLIC_KEY_1", "PUBLIC_KEY_2"])
def test_no_statement_about_a_named_key_pair_is_written_for_a_slot(name: str):
    for write in (
        lambda: sql.add_key_pair("JANE", name, KEY),
        lambda: sql.rotate_key_pair("JANE", name, KEY),
        lambda: sql.disable_key_pair("JANE", name),
        lambda: sql.rename_key_pair("JANE", "A", name),
        lambda: sql.remove_key_pair("JANE", name),
    ):
        with pytest.raises(ValueError, match="stands for a slot"):
            write()


def test_days_and_hours_are_not_below_zero():
    with pytest.raises(ValueError, match="below 0"):
        sql.add_key_pair("JANE", "A", KEY, days=-1)
    with pytest.raises(ValueError, match="below 0"):
        sql.rotate_key_pair("JANE", "A", KEY, hours=-1)


@pytest.mark.parametrize("slot", [0, 3, -1])
def test_there_are_two_slots(slot: int):
    with pytest.raises(ValueError, match="slots 1 and 2"):
        sql.set_public_key("JANE", KEY, slot)
    with pytest.raises(ValueError, match="slots 1 and 2"):
        sql.unset_public_key("JANE", slot)


@pytest.mark.parametrize("uuid", ["", "x", UUID + "\n", UUID + "'", UUID.replace("-", ""), "'); DROP USER x; --"])
def test_only_a_uuid_is_asked_about(uuid: str):
    with pytest.raises(ValueError, match="UUID"):
        sql.login_failure_details(uuid)


# --- it can't be bent -------------------------------------------------------------------------------------------------
# A reader of SQL that knows everything in which a ";" or a quote could hide: it is written from Snowflake's description
# of the language, and not from the code under test.

_TOKEN = re.compile(
    r"""
      (?P<comment>    --[^\n]* | //[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<dollars>    \$\$.*?(?:\$\$|\Z) )
    | (?P<text>       '(?:[^'\\]|''|\\.)*' )
    | (?P<identifier> "(?:[^"]|"")*" )
    | (?P<word>       [A-Za-z_][A-Za-z0-9_$]* )
    | (?P<number>     [0-9]+ )
    | (?P<end>        ; )
    | (?P<sign>       [=(),] )
    | (?P<space>      [ \n]+ )
    | (?P<other>      . )
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(statement: str) -> list[tuple[str, str]]:
    found = [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(statement)]
    return [token for token in found if token[0] != "space"]


def name_in(token: tuple[str, str]) -> str:
    kind, text = token
    if kind == "identifier":
        return text[1:-1].replace('""', '"')
    assert kind == "word"
    return text.upper()


_odd_names = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=80),
    st.text(alphabet="aA1_$\"';\\-/*. @=()$", min_size=1, max_size=40),
    st.from_regex(r"[A-Z_][A-Z0-9_$]{0,20}", fullmatch=True),
)
STATEMENTS: list[tuple[Callable[[str], str], str]] = [
    (lambda user: sql.set_public_key(user, KEY), f"ALTER USER NAME SET RSA_PUBLIC_KEY = '{KEY}' ;"),
    (lambda user: sql.set_public_key(user, KEY, 2), f"ALTER USER NAME SET RSA_PUBLIC_KEY_2 = '{KEY}' ;"),
    (lambda user: sql.unset_public_key(user, 2), "ALTER USER NAME UNSET RSA_PUBLIC_KEY_2 ;"),
    (sql.describe_user, "DESC USER NAME ;"),
    (sql.show_grants_to_user, "SHOW GRANTS TO USER NAME ;"),
    (sql.use_role, "USE ROLE NAME ;"),
    (sql.unlock_user, "ALTER USER NAME SET MINS_TO_UNLOCK = 0 ;"),
    (sql.enable_user, "ALTER USER NAME SET DISABLED = FALSE ;"),
    (
        lambda user: sql.grant_programmatic_authentication(user, user),
        "GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER NAME TO ROLE NAME ;",
    ),
    (
        lambda user: sql.create_service_user(user, user),
        "CREATE USER NAME TYPE = SERVICE DEFAULT_ROLE = NAME ; GRANT ROLE NAME TO USER NAME ;",
    ),
    (
        lambda user: sql.create_service_user(user, comment=user),
        "CREATE USER NAME TYPE = SERVICE COMMENT = TEXT ;",
    ),
    (
        lambda user: sql.allow_key_pair_only(user),
        (
            "CREATE AUTHENTICATION POLICY IF NOT EXISTS IDENTIFIER AUTHENTICATION_METHODS = ( 'KEYPAIR' ) ; "
            "ALTER USER NAME SET AUTHENTICATION POLICY IDENTIFIER ;"
        ),
    ),
    (
        lambda user: sql.create_service_user(user, "", user, KEY),
        f"CREATE USER NAME TYPE = SERVICE DEFAULT_WAREHOUSE = NAME RSA_PUBLIC_KEY = '{KEY}' ;",
    ),
    (
        lambda user: sql.add_key_pair(user, user, KEY, role=user, days=90, comment=user),
        (
            f"ALTER USER NAME ADD KEY PAIR NAME PUBLIC_KEY = '{KEY}' ROLE_RESTRICTION = IDENTIFIER DAYS_TO_EXPIRY = 90 "
            "COMMENT = TEXT ;"
        ),
    ),
    (
        lambda user: sql.rotate_key_pair(user, user, KEY, 24),
        f"ALTER USER NAME ROTATE KEY PAIR NAME PUBLIC_KEY = '{KEY}' EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS = 24 ;",
    ),
    (lambda user: sql.disable_key_pair(user, user), "ALTER USER NAME MODIFY KEY PAIR NAME SET DISABLED = TRUE ;"),
    (lambda user: sql.comment_key_pair(user, user, user), "ALTER USER NAME MODIFY KEY PAIR NAME SET COMMENT = TEXT ;"),
    (lambda user: sql.rename_key_pair(user, user, user), "ALTER USER NAME MODIFY KEY PAIR NAME RENAME TO NAME ;"),
    (lambda user: sql.remove_key_pair(user, user), "ALTER USER NAME REMOVE KEY PAIR NAME ;"),
    (sql.show_user_key_pairs, "SHOW USER KEY PAIRS FOR USER NAME ;"),
]


def text_in(token: tuple[str, str]) -> str:
    assert token[0] == "text"
    return re.sub(r"''|\\(.)", lambda match: match[1] or "'", token[1][1:-1])


@given(_odd_names, st.sampled_from(STATEMENTS))
@example('x"; GRANT ROLE ACCOUNTADMIN TO USER x; --', STATEMENTS[0])
@example("x\\", STATEMENTS[0])
@example("$$; DROP USER x; $$", STATEMENTS[0])
@example("A$$B", STATEMENTS[0])
@example("/* x", STATEMENTS[0])
@example("--", STATEMENTS[3])
@example("SET", STATEMENTS[0])
def test_whatever_the_name_the_statement_is_the_same_with_that_one_name_in_it(
    name: str, statement: tuple[Callable[[str], str], str]
):
    write, shape = statement
    found = tokens(write(name))
    expected = shape.split(" ")
    assert len(found) == len(expected)
    for token, wanted in zip(found, expected, strict=True):
        if wanted == "NAME":
            assert name_in(token) == name
        elif wanted == "TEXT":
            assert text_in(token) == name
        elif wanted == "IDENTIFIER":  # one inside of a text
            ((kind, inside),) = tokens(text_in(token))
            assert name_in((kind, inside)) == name
        else:
            assert token[1] == wanted


@given(_odd_names)
def test_what_is_typed_comes_back_from_the_statement_as_it_was_read(typed: str):
    try:
        name = read_user_name(typed).name
    except UserNameError:
        return
    assert [name_in(token) for token in tokens(sql.describe_user(name))[2:-1]] == [name]


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=80))
@example("\\'; DROP USER x; --")
def test_any_text_in_quotes_is_one_text(text: str):
    (token,) = tokens(sql.string_literal(text))
    assert text_in(token) == text
