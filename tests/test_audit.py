"""The log: lines of JSON that can't hold more than they should."""

import io
import json
from datetime import UTC, datetime

import pytest

from wizard.audit import Audit
from wizard.secret import Secret


def logged(**fields: str | int) -> str:
    lines: list[str] = []
    Audit(lines.append, now=lambda: datetime(2026, 11, 21, tzinfo=UTC)).record("request", **fields)
    return "".join(lines)


def test_a_line_is_one_json_object_with_its_time() -> None:
    assert json.loads(logged(status=200, route="/")) == {
        "time": "2026-11-21T00:00:00.000+00:00", "event": "request", "status": 200, "route": "/",
    }  # fmt: skip
    assert logged(status=200).endswith("}\n")


def test_a_value_is_cut_at_200_characters() -> None:
    assert len(json.loads(logged(route="x" * 5000))["route"]) == 200


def test_a_line_break_in_a_value_stays_inside_its_line() -> None:
    assert logged(route="a\nb\x1b[2J").count("\n") == 1
    assert "\x1b" not in logged(route="\x1b")


def test_a_field_that_is_not_on_the_list_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="passphrase"):
        logged(passphrase="x")


def test_a_secret_is_logged_as_stars() -> None:
    assert "hunter2" not in logged(outcome=Secret("hunter2"))


def test_a_log_that_cannot_be_written_loses_its_lines_and_says_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    written: list[str] = []
    full = True

    def write(line: str) -> None:
        if full:
            raise OSError(28, "No space left on device")
        written.append(line)

    audit = Audit(write)
    audit.record("request", status=200)
    audit.record("request", status=201)
    full = False
    audit.record("request", status=202)
    assert [json.loads(line)["status"] for line in written] == [202]
    said = capsys.readouterr().err
    assert said.count("No space left on device") == 1
    assert "make room on the disk" in said


def test_a_log_and_an_error_stream_on_one_full_disk_break_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdout", Full())
    monkeypatch.setattr("sys.stderr", Full())
    Audit().record("request", status=200)


def test_a_log_whose_reader_has_gone_breaks_nothing() -> None:
    closed = io.StringIO()
    closed.close()
    Audit(closed.write).record("request", status=200)
