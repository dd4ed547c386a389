"""The line of what a client printed that tells its cause best: what the causes' pages show of the collection."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.clients.told.texts import sameness

COLLECTION: Final = Path(__file__).parents[2] / "diagnosis" / "told"
NAMES: Final[Mapping[str, str]] = {
    "adbc": "ADBC (Go)",
    "airflow": "Airflow",
    "curl": "The SQL API",
    "dagster": "Dagster",
    "dbt": "dbt",
    "dlt": "dlt",
    "dotnet": ".NET",
    "go": "Go",
    "jdbc": "JDBC",
    "kafka": "Kafka connector",
    "nodejs": "Node.js",
    "odbc": "ODBC",
    "prefect": "Prefect",
    "python-connector-3": "Python connector 3",
    "python-connector-4": "Python connector 4",
    "python-connector-5": "Python connector 5",
    "snow": "Snowflake CLI",
    "snowflake-sql-api": "snowflake-sql-api",
    "snowpark": "Snowpark",
    "spark": "Spark",
    "sqlalchemy": "SQLAlchemy",
    "sqlmesh": "SQLMesh",
    "terraform": "Terraform",
}
"""A client's slug to what people call it; one that isn't here is called by its slug."""
_SHORTEST, _LONGEST = 12, 200
_UNSPECIFIC = 8  # causes that one line is printed for, above which a page is better off without it
_NO_MESSAGE = re.compile(
    # frames and source lines of a stack trace
    r"^(?:at |File |raise |return |throw |await |else |for |select |self\.|Traceback)|"
    r"^During handling|^The above exception|^Node\.js v|[\^~]{3}|^[\w.\[\]\", ]+ = |^[\w.]+\(.*\)?$|^[a-z]\w*: |"
    # objects that are printed, logs and warnings
    r"^[})\]'\"]|^\.\.\.|[{(\[,:]$|^\w+: \[class|^[A-Z_]+: '|\"level\"|^created by |^\. |Warning|^sys:1:|"
    # what goes with any failure, or with none
    r"^HTTP status|^Statement executed|^Could not connect to Snowflake$|Will be handled by|^Verify that|"
    r"^\(?Background on this error|^To further troubleshoot|^Exception message|^More details here|^how to fix it|"
    # a key that was printed, and what stands for it in the collection
    r"\[removed\]"
)
_ONLY_A_FRAME = re.compile(r"[:=] …\W*$")  # all that the sentence says is what was put into it
_WORDS = re.compile(r"[a-z]{3}.* .*[a-z]{2}", re.IGNORECASE)
_CLASS = re.compile(
    r"^(?:\d\d:\d\d:\d\d )?(?:(?:[a-z_]\w*\.)+[A-Z]\w*: |[A-Z]\w*Error: |Error \[\w+\]: |Error: |Value error, |"
    r"\((?:[a-z_]\w*\.)+[A-Z]\w*\) |(?:IO|[A-Z_]{4,}): |\[Snowflake\] |Post \"\S+\": )*"
)
_OF_THIS_RUN = re.compile(
    r"\b(?:request_id|sfqid)=|[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\d|/home/jane/venv|0x[0-9a-f]"
)


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text; what stands in a box is one line, as it was before the terminal broke it."""
    boxed: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith(("│", "|")):
            boxed.append(line.strip("│| "))
        else:
            if boxed:
                yield " ".join(" ".join(boxed).split())
                boxed = []
            yield " ".join(line.split())


def sentences_of(text: str) -> Iterator[str]:
    """Yield the lines that may be a message, without the class of an error and without what goes on too long."""
    for line in lines_of(text):
        sentence = _CLASS.sub("", line).partition(". Vendor code: ")[0]
        if len(sentence) > _LONGEST:
            sentence = sentence[: _LONGEST + 1].rpartition(". ")[0]
        tells = not any(map(_NO_MESSAGE.search, (line, sentence))) and not _OF_THIS_RUN.search(sentence)
        if tells and len(sentence) >= _SHORTEST and _WORDS.search(sentence):
            yield sentence


def telling_sentences() -> dict[str, dict[str, str]]:
    """Return cause to client to sentence, of the half of the collection that anybody may read."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for part, reader in (("kept", _of_texts), ("source", _of_sources)):
        for path in sorted((COLLECTION / part).glob("*.json")):
            entries = json.loads(path.read_text(encoding="utf-8"))
            for cause, sentence in reader(entries):
                told[cause][NAMES.get(path.stem, path.stem)] = sentence
    return {cause: dict(sorted(told[cause].items())) for cause in sorted(told)}


def _of_texts(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The line that stands in most texts of the cause, and for the fewest other causes; of equals the shortest."""
    entries = list(entries)
    causes_of: dict[str, set[str]] = defaultdict(set)
    in_texts: dict[str, Counter[str]] = defaultdict(Counter)
    as_printed: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in entries:
        found = {sameness(sentence): sentence for sentence in sentences_of(entry["text"])}
        for same, sentence in found.items():
            causes_of[same].update(entry["causes"])
            for cause in entry["causes"]:
                in_texts[cause][same] += 1
                as_printed[cause].setdefault(same, sentence)
    for cause, count in in_texts.items():
        fit = [same for same in count if len(causes_of[same]) <= _UNSPECIFIC]
        if fit:
            best = min(fit, key=lambda same: (-count[same] / len(causes_of[same]), len(same), same))
            yield cause, as_printed[cause][best]


def _of_sources(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    entries = [entry for entry in entries if len(entry["causes"]) <= _UNSPECIFIC]
    for cause in sorted({cause for entry in entries for cause in entry["causes"]}):
        fit = [entry for entry in entries if cause in entry["causes"]]
        best = min(fit, key=lambda entry: (len(entry["causes"]), len(entry["sentence"]), entry["sentence"]))
        sentence = source_sentence(best)
        if len(sentence) <= _LONGEST and not _ONLY_A_FRAME.search(sentence):
            yield cause, sentence


def source_sentence(entry: dict[str, Any]) -> str:
    """Return a sentence as its source has it, in one line, with its code before it and … for what is filled in."""
    sentence = re.sub(r"\{\w*\}|%[a-z]", "…", " ".join(entry["sentence"].split()))
    return f"{entry['code']}: {sentence}" if entry["code"] and entry["code"] not in sentence else sentence
