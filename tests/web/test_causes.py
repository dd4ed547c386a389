"""A page for each cause, and the list of them: what people send each other, and what the cards link to."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.clients.told.sentences import COLLECTION, NAMES, sentences_of, source_sentence
from tests.web.page_client import PageClient
from tests.web.steps.test_test import send_key
from tests.web.walking import carrying, practising, told
from wizard.diagnosis import CATALOGUE
from wizard.diagnosis.explained import EXPLAINED, Explanation
from wizard.diagnosis.open_names import with_names_open

ROOT = Path(__file__).parents[2]
every_cause = pytest.mark.parametrize("cause", CATALOGUE)
every_explanation = pytest.mark.parametrize(("cause", "explained"), EXPLAINED.items(), ids=EXPLAINED)


# --- the list ---------------------------------------------------------------------------------------------------------
def test_the_list_leads_to_every_cause_without_a_script(client: PageClient) -> None:
    page = client.visit("/causes")
    assert [str(link["href"]) for link in page.all(".cause-list a")] == [f"/causes/{cause}" for cause in CATALOGUE]
    assert not page.all("main form"), "what is searched for stays in the browser"


def test_the_list_is_searched_by_what_programs_print(client: PageClient) -> None:
    entry = next(each for each in client.visit("/causes").all(".cause-list dd") if "key-mismatch" in each.text)
    assert "394304" in entry.get_text()


def test_the_start_leads_to_the_list(client: PageClient) -> None:
    assert client.visit("/").link("why a login fails") == "/causes"
    assert client.visit("/how-it-works").link("Why a login fails") == "/causes"


# --- a cause ----------------------------------------------------------------------------------------------------------
@every_cause
def test_a_cause_has_a_page_that_begins_with_what_is_wrong_and_how_to_mend_it(client: PageClient, cause: str) -> None:
    page = client.visit(f"/causes/{cause}")
    assert page.heading == CATALOGUE[cause].title
    assert [each.get_text() for each in page.all(".fix-what")] == [fix.what for fix in CATALOGUE[cause].fixes]
    for neighbour in EXPLAINED[cause].neighbours:
        assert page.link(CATALOGUE[neighbour.cause].title) == f"/causes/{neighbour.cause}"
        assert neighbour.tells in page.text


def test_a_page_shows_statements_and_commands_with_the_names_left_open(client: PageClient) -> None:
    page = client.visit("/causes/key-mismatch")
    assert page.copied("fix-key-mismatch-1") == "DESC USER <USER>;"
    assert page.copied("fix-key-mismatch-2") == "ALTER USER <USER> SET RSA_PUBLIC_KEY='<PUBLIC KEY>';"
    converted = client.visit("/causes/key-pkcs1").copied("fix-key-pkcs1-1")
    assert converted == "openssl pkcs8 -topk8 -nocrypt -in old.pem -out rsa_key.p8"


@every_cause
def test_no_stand_in_is_left_in_a_statement(cause: str) -> None:
    for fix in CATALOGUE[cause].fixes:
        assert not re.search(r"\bTHE(?:_[A-Z]|PUBLIC)|192\.0\.2\.1|0{8}", with_names_open(fix).sql)


def test_a_page_is_alike_for_everybody(app: Flask) -> None:
    page = PageClient(app).visit("/causes/clock-skew")
    assert not page.headers.getlist("Set-Cookie")


def test_a_name_that_is_no_cause_is_not_found(client: PageClient) -> None:
    assert client.visit("/causes/bad-luck").status == 404


# --- what the pages say -----------------------------------------------------------------------------------------------
def test_every_cause_is_explained_and_nothing_else() -> None:
    assert set(EXPLAINED) == set(CATALOGUE)


@every_explanation
def test_an_explanation_tells_a_cause_from_others_that_there_are(cause: str, explained: Explanation) -> None:
    named = [neighbour.cause for neighbour in explained.neighbours]
    assert named
    assert set(named) <= set(CATALOGUE) - {cause}
    assert len(set(named)) == len(named)


@every_explanation
def test_its_words_are_short_kind_and_plain(cause: str, explained: Explanation) -> None:
    ours = [*(neighbour.tells for neighbour in explained.neighbours), explained.prevention]
    for text in ours:
        assert text.endswith(".")
        assert len(text) <= 200
        assert not re.search(r"\b(?:please|invalid|required|oops|sorry|simply|just click)\b|!", text, re.IGNORECASE)
    for seen in explained.seen:
        assert len(seen.sentence) <= 160
    assert all(source.startswith("https://") for source in explained.sources)


def test_what_clients_print_is_what_they_printed() -> None:
    """``scripts/tell-causes.py`` writes the file anew, from the half of the collection that anybody may read."""
    told = json.loads((ROOT / "wizard" / "diagnosis" / "told.json").read_text(encoding="utf-8"))
    slugs = {name: slug for slug, name in NAMES.items()}
    for cause, sentences in told.items():
        for client, sentence in sentences.items():
            assert sentence in printed(slugs.get(client, client), cause), f"{client}, {cause}: {sentence}"


@cache
def printed(client: str, cause: str) -> set[str]:
    """The sentences that a client is known to print for a cause: run in it, or read in its source."""
    if (texts := COLLECTION / "kept" / f"{client}.json").exists():
        entries = json.loads(texts.read_text(encoding="utf-8"))
        return {line for entry in entries if cause in entry["causes"] for line in sentences_of(entry["text"])}
    entries = json.loads((COLLECTION / "source" / f"{client}.json").read_text(encoding="utf-8"))
    return {source_sentence(entry) for entry in entries if cause in entry["causes"]}


def test_a_page_shows_each_sentence_once_with_all_who_print_it(client: PageClient) -> None:
    page = client.visit("/causes/passphrase-missing")
    sentences = [each.get_text() for each in page.all(".cause-seen dd")]
    programs = [each.get_text() for each in page.all(".cause-seen dt")]
    assert len(sentences) == len(set(sentences))
    who = programs[sentences.index("Password was not given but private key is encrypted")]
    assert {"Python connector 4", "Snowpark", "dbt"} <= set(who.split(", "))
    assert {"JDBC", "Node.js", "Snowflake CLI"} <= set(programs)


# --- the way there ----------------------------------------------------------------------------------------------------
def test_the_card_of_a_finding_leads_to_its_cause_beside_the_walk(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = send_key(practising(practice_app, "test", rsa_2048).visit("/steps/test"), other_rsa_2048)
    links = {str(link["href"]): str(link["target"]) for link in page.all(".cause-source a")}
    assert page.causes
    assert links == {f"/causes/{cause}": "_blank" for cause in page.causes}


def test_what_is_said_of_a_user_leads_to_its_cause(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("verify", rsa_2048)).visit("/steps/verify")
    page = page.fill("desc_user", "NAME\tJANE\nDISABLED\ttrue\nRSA_PUBLIC_KEY_FP\tnull").press("Compare")
    assert str(page.one(".remark[data-cause=user-disabled] a")["href"]) == "/causes/user-disabled"
