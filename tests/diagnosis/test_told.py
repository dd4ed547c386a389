"""What real clients print when something is wrong, with its true cause: is the collection sound, what do we make of it?

``scripts/collect-failures.py`` makes the collection in ``told/`` anew. Whoever writes rules looks at ``told/kept`` and
``told/source``; ``told/held`` is there to say how the rules do on what nobody looked at.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.clients.told.texts import LONGEST, held_back, kept_text, last_error, sameness
from wizard.diagnosis import CATALOGUE, conclude, read
from wizard.snowflake.secret_text import looks_secret

COLLECTION = Path(__file__).with_name("told")
HALVES = ("kept", "held")
# In the list of causes, and not in the catalogue yet.
TO_COME = frozenset(
    {"account-empty", "config-permissions", "config-section-missing", "key-file-missing", "key-stray-characters",
     "user-empty"}
)  # fmt: skip
MACHINE = re.compile(r"/(?:tmp|wt)/|\.tools/|/home/(?!jane\b)|127\.0\.0\.|practice")


def collected(half: str) -> list[dict[str, Any]]:
    return [
        entry
        for path in sorted((COLLECTION / half).glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


BOTH = {half: collected(half) for half in HALVES}
EVERY = [*BOTH["kept"], *BOTH["held"]]
SOURCES = collected("source")


def name(entry: dict[str, Any]) -> str:
    return f"{entry['client']} {entry['situation']} {entry['form']}"


def test_each_text_says_where_it_comes_from() -> None:
    for entry in EVERY:
        wanted = {"client", "version", "situation", "form", "text", "causes", "told"}
        assert entry.keys() == wanted | ({"set"} if not entry["told"] else set()), name(entry)
        assert entry["form"] in ("whole", "error")
        assert entry["version"]
        assert entry["text"].strip()
        assert len(entry["text"]) <= LONGEST
    assert len({name(entry) for entry in EVERY}) == len(EVERY)


def test_the_causes_are_in_the_catalogue() -> None:
    named = {cause for entry in EVERY for cause in (*entry["causes"], *entry.get("set", ()))}
    named |= {cause for entry in SOURCES for cause in entry["causes"]}
    assert named <= CATALOGUE.keys() | TO_COME


def test_a_text_that_tells_its_cause_is_printed_for_no_other() -> None:
    groups = defaultdict(list)
    for entry in EVERY:
        groups[entry["client"], sameness(entry["text"])].append(entry)
    for group in groups.values():
        common = set.intersection(*(set(entry["causes"]) for entry in group))
        for entry in group:
            assert entry["told"] == bool(common), name(entry)
            if not common:
                assert entry["set"] == sorted({cause for other in group for cause in other["causes"]}), name(entry)


@pytest.mark.parametrize("half", HALVES)
def test_each_situation_of_a_client_is_in_its_half(half: str) -> None:
    assert BOTH[half]
    for entry in BOTH[half]:
        assert held_back(entry["client"], entry["situation"]) == (half == "held"), name(entry)


def test_no_text_holds_a_secret() -> None:
    for entry in EVERY:
        assert not looks_secret(entry["text"]), name(entry)


def test_a_key_that_a_client_printed_is_not_kept(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    body = "".join(pem.splitlines()[1:-1])
    printed = f"OSError: [Errno 36] File name too long: {pem!r}\nand a piece of it: {body[400:440]}, and so on"

    kept = kept_text(printed, ["".join(pem.split()), body])

    assert not looks_secret(kept)
    assert not any(body[at : at + 16] in kept for at in range(len(body) - 15))
    assert kept.startswith("OSError: [Errno 36] File name too long: ")
    assert kept.endswith(", and so on")


def test_the_last_error_of_a_stack_trace_is_what_people_copy() -> None:
    python = (
        'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: first\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 2\nTypeError: second\nand its second line'
    )
    node = "/a.js:3\n  if (e) throw e;\n         ^\n\nError: ENOENT: no such file\n    at open (node:fs:5)\n  code: 1"

    assert last_error(python) == "TypeError: second\nand its second line"
    assert last_error(node) == "Error: ENOENT: no such file"
    assert last_error("curl: (6) Could not resolve host") == ""


def test_no_text_names_the_machine_it_was_printed_on() -> None:
    found = [f"{name(entry)}: {match[0]}" for entry in EVERY if (match := MACHINE.search(entry["text"]))]
    assert not found


def test_what_was_read_in_a_source_says_where() -> None:
    for entry in SOURCES:
        assert entry.keys() <= {"client", "code", "sentence", "repository", "file", "causes", "note"}, entry
        assert entry["sentence"].strip()
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry["repository"]), entry
        assert entry["file"]
        assert entry["causes"]
        assert not looks_secret(entry["sentence"]), entry


# --- figures ----------------------------------------------------------------------------------------------------------


@cache
def recognised(text: str) -> tuple[str, ...]:
    facts = (fact for recognised in read(text, 0) for fact in recognised.facts)
    return tuple(finding.cause.id for finding in conclude(facts).findings)


def figures(entries: Iterable[dict[str, Any]]) -> str:
    """How often a right answer is first, and among the first three; and how often what is named is just the set of all
    causes that this client prints the same text for, or nothing but causes of that set, of which five are named at
    most. Where several print the same, no answer is more right than another, and the first is one of them or not."""
    count = first = three = exact = among = 0
    for entry in entries:
        found = recognised(entry["text"])
        possible = set(entry.get("set", entry["causes"]))
        right = possible
        count += 1
        first += bool(found and found[0] in right)
        three += bool(right & set(found[:3]))
        exact += set(found) == possible
        among += bool(found) and set(found) <= possible
    if not count:
        return "no texts"
    shares = {"first": first, "in three": three, "just the set": exact, "nothing but the set": among}
    return f"{count:5} texts, " + ", ".join(f"{name} {share / count:4.0%}" for name, share in shares.items())


def test_the_figures_of_recognition_are_told(record_property: Callable[[str, object], None]) -> None:
    lines = ["What is recognised of the texts that real clients printed:"]
    for half in HALVES:
        for told in (True, False):
            chosen = [entry for entry in BOTH[half] if entry["told"] == told]
            lines.append(f"{half}, {'cause told' if told else 'several print the same'}: {figures(chosen)}")
    lines += [
        f"{client}: {figures(entry for entry in EVERY if entry['client'] == client)}"
        for client in sorted({entry["client"] for entry in EVERY})
    ]
    record_property("figures", "\n".join(lines))
    assert all("no texts" not in line for line in lines)


LEAST = {"kept": (0.96, 0.98), "held": (0.9, 0.92)}
"""Of the texts that tell their cause: how many have a right one first, and how many among the first three.

Nobody who wrote rules has looked at what is held back; its figures are what to expect of a text that is new.
"""


@pytest.mark.parametrize("half", HALVES)
def test_a_text_that_tells_its_cause_is_mostly_recognised(half: str) -> None:
    entries = [entry for entry in BOTH[half] if entry["told"]]
    first = sum(
        recognised(entry["text"])[:1] != () and recognised(entry["text"])[0] in entry["causes"] for entry in entries
    )
    three = sum(bool(set(recognised(entry["text"])[:3]) & set(entry["causes"])) for entry in entries)
    assert (first / len(entries), three / len(entries)) >= LEAST[half]
    assert three / len(entries) >= LEAST[half][1]


def test_of_what_several_causes_print_mostly_those_are_named() -> None:
    """No more than five causes are named, so of a longer list a part."""
    entries = [entry for entry in BOTH["kept"] if not entry["told"]]
    named = [(set(recognised(entry["text"])), set(entry["set"])) for entry in entries]
    among = sum(bool(found) and found <= possible for found, possible in named)
    assert among / len(entries) >= 0.5, among / len(entries)


TELLS_NOTHING = {
    "Verify that the hostnames and portnumbers in SYSTEM$ALLOWLIST are added to your firewall's allowed list.",
    "Invalid parameter value something for something",
    "Invalid parameter value something for parameter type something.",
}
"""Advice that is printed below every failed connection, and settings of any kind."""


@pytest.mark.parametrize("entry", SOURCES, ids=lambda entry: f"{entry['client']} {entry['sentence'][:40]}")
def test_a_sentence_of_a_clients_source_leads_to_a_cause_of_its_own(entry: dict[str, Any]) -> None:
    sentence = re.sub(r"\{\w*\}|%[vs]", "something", entry["sentence"])
    found = recognised(f"{entry.get('code', '')} {sentence}".strip())
    if sentence not in TELLS_NOTHING:
        assert set(found[:3]) & set(entry["causes"]), found
