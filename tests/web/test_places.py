"""Where a key was seen is what every page goes by: a slot, a named key pair, or somewhere that nobody told."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, carrying, fingerprint, practising, private_pem, public_base64, table, told

WITHOUT_TOKEN = {"csrf"}  # the administrator's page has none: it changes nothing
SOMEBODY_ELSES = "SHA256:" + "A" * 43 + "="


def listed(key: rsa.RSAPrivateKey, status: str = "ACTIVE", role: str = "", name: str = "ETL_KEY") -> str:
    """Return ``SHOW USER KEY PAIRS`` output with this key, beside one of somebody else's."""
    head = ["name", "user_name", "fingerprint", "role_scope", "status", "comment", "created_on"]
    rows = [
        ["OTHER", "JANE", SOMEBODY_ELSES, "", "ACTIVE", "", ""],
        [name, "JANE", fingerprint(key), role, status, "", ""],
    ]
    return "\n".join("\t".join(row) for row in [head, *rows])


def paste(page: Page, text: str) -> Page:
    return page.fill("desc_user", text).press("Compare")


def statements(page: Page) -> str:
    """Return everything on a page that may be copied."""
    return "\n".join(tag.get_text() for tag in page.all("[data-copy]"))


def handed_over(app: Flask, key: rsa.RSAPrivateKey, pasted: str) -> Page:
    """Walk on the practice Snowflake from the check to the last page; ``pasted`` is what the check is given."""
    client = practising(app, "verify", key)
    assert paste(client.visit("/steps/verify"), pasted).step == "test"
    page = client.visit("/steps/test").attach("private_key", private_pem(key))
    assert page.press_in("#test-form", "Test with this file").verdict == "passed"
    return client.visit("/steps/handover")


# --- a named key pair -------------------------------------------------------------------------------------------------
def test_a_key_found_as_a_named_key_pair_is_called_by_its_name_everywhere(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048))
    assert page.redirects == ("/steps/test",)
    assert "Snowflake holds the key as the named key pair ETL_KEY" in page.text_at(".progress")
    verify = page.client.visit("/steps/verify")
    assert "Snowflake holds this key as the named key pair ETL_KEY" in verify.text
    register = page.client.visit("/steps/register")
    assert "Snowflake already holds this key" in register.text
    assert "as the named key pair ETL_KEY" in register.text
    assert "in slot" not in verify.text + register.text


def test_nothing_is_put_into_a_slot_for_a_key_that_is_a_named_key_pair(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048)).client
    register = client.visit("/steps/register")
    assert "ALTER USER" not in statements(register)
    assert register.press("Continue").path == "/steps/test", "the walk goes on"


def test_the_hand_over_of_a_named_key_pair_takes_nobodys_key_away(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = handed_over(practice_app, rsa_2048, listed(rsa_2048))
    assert "UNSET" not in page.text
    assert "REMOVE KEY PAIR" not in page.text
    assert "as the named key pair ETL_KEY" in page.client.visit("/done").text


def test_the_administrator_is_not_asked_to_run_anything_for_a_named_key_pair(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048)).client
    page = client.visit("/steps/register")
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    link = client.send("POST", "/share", [("csrf_token", csrf), ("note", "")]).copied("share-link")
    shared = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    assert "there is nothing to run" in shared.text
    assert "as the named key pair ETL_KEY" in shared.text
    assert "ALTER USER" not in statements(shared)
    assert shared.copied("desc-user-sql") == "SHOW USER KEY PAIRS FOR USER JANE;"


def test_the_administrator_may_paste_the_list_of_key_pairs_as_well(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = arrive(app, "register", rsa_2048).press("Write the message").copied("share-link")
    shared = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    answer = shared.fill("desc_user", listed(rsa_2048)).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert answer.status == 200
    assert "Snowflake holds the key as the named key pair ETL_KEY" in answer.text
    assert "ALTER USER" not in statements(answer)


@pytest.mark.parametrize(
    ("status", "cause", "words"),
    [("DISABLED", "key-pair-disabled", "it is disabled"), ("EXPIRED", "key-pair-expired", "it is expired")],
)
def test_a_named_key_pair_that_lets_nobody_in_is_no_proof(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, status: str, cause: str, words: str
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048, status))
    assert page.status == 422
    assert words in page.alert and "ETL_KEY" in page.alert
    assert page.causes[0] == cause
    assert page.client.visit("/steps/test").path == "/steps/verify"


def test_a_key_pair_that_was_rotated_out_is_called_so(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    out = "ETL_KEY_ROTATED_1790000000123"
    gone = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048, "EXPIRED", name=out))
    assert "It was rotated out: ETL_KEY holds a newer key." in gone.alert
    assert gone.causes[0] == "key-pair-expired"
    going = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048, name=out))
    assert (going.path, going.causes[0]) == ("/steps/verify", "key-replaced"), "there is something to read"
    assert "This key was rotated out: the named key pair ETL_KEY holds a newer one." in going.text


def test_a_key_pair_that_is_restricted_to_a_role_is_worth_a_word(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048, role="LOADER")).client
    assert "lets a session have the role LOADER and no other" in client.visit("/steps/verify").text


def test_a_row_of_the_list_that_bears_the_reserved_name_of_a_slot_is_that_slot(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048, name="PUBLIC_KEY_2"))
    assert "Snowflake holds the key in slot 2" in page.text_at(".progress")


@pytest.mark.parametrize("name", ["EVIL\\u202eX", "A\\nB", "N" * 300])
@pytest.mark.parametrize("column", ["name", "role_scope", "status"])
def test_a_key_pair_with_a_name_that_could_not_be_typed_is_refused(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, name: str, column: str
) -> None:
    row = {"name": "ETL_KEY", "user_name": "JANE", "fingerprint": fingerprint(rsa_2048), "role_scope": "", "status": ""}
    cells = ",".join(f'"{key}":"{value}"' for key, value in (row | {column: name}).items())
    page = paste(arrive(app, "verify", rsa_2048), f"[{{{cells}}}]")
    assert (page.status, bool(page.error("desc_user"))) == (422, True)
    assert page.client.visit("/steps/test").path == "/steps/verify"


# --- a single fingerprint ---------------------------------------------------------------------------------------------
def test_a_fingerprint_alone_proves_the_key_and_no_place(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), fingerprint(rsa_2048)).client
    verify, register = client.visit("/steps/verify"), client.visit("/steps/register")
    assert "Where the key stands was not told" in verify.text
    assert "Where it stands was not told" in register.text
    assert "in slot" not in verify.text + register.text
    assert "ALTER USER" not in statements(register)


def test_the_hand_over_of_a_key_whose_place_was_not_told_takes_nobodys_key_away(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = handed_over(practice_app, rsa_2048, fingerprint(rsa_2048))
    assert "UNSET" not in page.text
    assert "REMOVE KEY PAIR" not in page.text
    assert "shows where it stands" in page.client.visit("/done").text


def test_the_whole_answer_names_the_slot_afterwards(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), fingerprint(rsa_2048)).client
    paste(client.visit("/steps/verify"), table(RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048)))
    assert "Snowflake holds this key in slot 2" in client.visit("/steps/verify").text


def test_a_place_that_was_told_is_not_forgotten_for_a_fingerprint_alone(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = paste(arrive(app, "verify", rsa_2048), table(RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))).client
    paste(client.visit("/steps/verify"), fingerprint(rsa_2048))
    assert "Snowflake holds this key in slot 2" in client.visit("/steps/verify").text


def test_another_fingerprint_alone_puts_what_was_seen_in_doubt(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))).client
    answer = paste(client.visit("/steps/verify"), SOMEBODY_ELSES)
    assert (answer.status, answer.causes[0]) == (422, "key-mismatch")
    assert "the fingerprint of another key" in answer.alert
    assert client.visit("/steps/test").path == "/steps/verify"


# --- slots that were shown, and slots that were not -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("shown", "missing"), [("RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP"), ("RSA_PUBLIC_KEY_2_FP", "RSA_PUBLIC_KEY_FP")]
)
def test_one_empty_slot_is_not_called_no_key(app: Flask, rsa_2048: rsa.RSAPrivateKey, shown: str, missing: str) -> None:
    page = paste(arrive(app, "verify", rsa_2048), f"{shown} null")
    assert page.status == 422
    assert "No key is there" not in page.text
    assert "One of the two rows about keys is missing" in page.alert and missing in page.alert
    assert page.causes == []


def test_another_key_in_one_slot_says_nothing_of_the_other(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = paste(arrive(app, "verify", rsa_2048), f"RSA_PUBLIC_KEY_FP\t{SOMEBODY_ELSES}")
    assert "does not show RSA_PUBLIC_KEY_2_FP" in page.alert
    register = page.client.visit("/steps/register")
    assert register.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY_2=")
    assert "Slot 2 is free" not in register.text
    assert "A key in slot 2 is replaced and stops working" in register.text


def test_a_list_without_this_key_says_nothing_of_the_slots(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    pairs = listed(rsa_2048).splitlines()
    for text in (pairs[0], "\n".join(pairs[:2])):
        page = paste(arrive(app, "verify", rsa_2048), text)
        assert page.status == 422
        assert "No key is there" not in page.text
        assert "DESC USER" in page.alert


def test_a_chosen_slot_that_turns_out_to_be_taken_is_left_alone_while_the_other_is_free(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "register", rsa_2048).choose("slot", "2").press("Show the statements for this")
    client = page.press("I’ve run it").client
    paste(client.visit("/steps/verify"), table(RSA_PUBLIC_KEY_2_FP=SOMEBODY_ELSES))
    register = client.visit("/steps/register")
    assert "Slot 2 holds another key, so this uses slot 1." in register.text
    assert register.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY=")


def test_a_table_without_the_rows_about_keys_takes_no_proof_away(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), fingerprint(rsa_2048)).client
    page = paste(client.visit("/steps/verify"), "NAME\tJANE\nLOGIN_NAME\tJANE\nDISABLED\ttrue\nSNOWFLAKE_LOCK\tfalse")
    assert page.path == "/steps/verify" and page.status == 200, "there is something to read"
    assert "user-disabled" in page.causes
    assert client.visit("/steps/test").step == "test"


def test_a_named_key_pair_is_not_doubted_by_desc_user_which_may_not_show_it(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048)).client
    page = paste(client.visit("/steps/verify"), table(RSA_PUBLIC_KEY_FP=SOMEBODY_ELSES))
    assert page.path == "/steps/test"
    assert "as the named key pair ETL_KEY" in client.visit("/steps/verify").text


def test_a_list_that_shows_the_key_pair_no_more_takes_the_proof_away(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = paste(arrive(app, "verify", rsa_2048), listed(rsa_2048)).client
    page = paste(client.visit("/steps/verify"), "\n".join(listed(rsa_2048).splitlines()[:2]))
    assert page.status == 422
    assert client.visit("/steps/test").path == "/steps/verify"


# --- the hand-over of a slot ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slot", [1, 2])
def test_the_key_that_was_just_proved_is_never_offered_for_removal(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slot: int
) -> None:
    row = {1: "RSA_PUBLIC_KEY_FP", 2: "RSA_PUBLIC_KEY_2_FP"}[slot]
    page = handed_over(practice_app, rsa_2048, table(**{row: fingerprint(rsa_2048)}))
    assert "UNSET" not in page.text
    assert f"in slot {slot}" in page.client.visit("/done").text


def test_another_key_in_the_other_slot_may_go_once_nothing_uses_it(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    shown = table(RSA_PUBLIC_KEY_FP=SOMEBODY_ELSES, RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))
    page = handed_over(practice_app, rsa_2048, shown)
    assert page.copied("unset-sql") == "ALTER USER JANE UNSET RSA_PUBLIC_KEY;"
    beside = page.one("details:has([data-copy=unset-sql])").get_text()
    assert SOMEBODY_ELSES in beside and "not the key that was just tested" in beside


def test_without_the_check_no_removal_is_offered(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("handover", rsa_2048)).visit("/steps/handover")
    assert "UNSET" not in page.text


def test_the_administrators_page_says_what_the_statement_replaces(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048).choose("slot", "2").press("Show the statements for this")
    shared = PageClient(app).visit(page.press("Write the message").copied("share-link"), unchecked=WITHOUT_TOKEN)
    assert "A key that JANE already has in slot 2 is replaced" in shared.text
    full = table(RSA_PUBLIC_KEY_FP=SOMEBODY_ELSES, RSA_PUBLIC_KEY_2_FP="SHA256:" + "B" * 43 + "=")
    answer = shared.fill("desc_user", full).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert f"It replaces SHA256:{'B' * 43}= in slot 2" in answer.text
    assert public_base64(rsa_2048) in answer.copied("alter-user-sql")
