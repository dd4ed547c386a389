"""What answers in Snowflake's place in some scenarios: proxies, gateways, and pages of other servers."""

from __future__ import annotations

import json

from wizard.practice.wire import Reply, json_reply
from wizard.snowflake.codes import Code

_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"
BUSY = json_reply(429, {"code": Code.TOO_MANY_REQUESTS, "message": "Too many requests."}, {"Retry-After": "2"})
AWAY = Reply(503, b"upstream connect error", {"Content-Type": "text/plain", "Retry-After": "1"})
AWAY_FOR_GOOD = Reply(503, b"upstream connect error", {"Content-Type": "text/plain"})
_STATEMENT = json.dumps(
    {"code": Code.SUCCESS, "message": "Statement executed successfully.", "data": [["JANE"]]}
).encode()
_JSON = {"Content-Type": "application/json"}
_HTML = {"Content-Type": "text/html"}

SLOW = Reply(200, _STATEMENT, _JSON, wait_seconds=25.0)
TRICKLED = Reply(200, _STATEMENT, _JSON, trickle_seconds=1.0)
LOGIN_PAGE = Reply(200, _PAGE % (b"Company network: sign in", b"Sign in to use the internet"), _HTML)
REDIRECT = Reply(302, b"", {"Location": "https://signin.practice.example/?next=snowflake", **_HTML})
CUT = Reply(200, _STATEMENT[:30], _JSON, promised=len(_STATEMENT))
HUGE = Reply(200, _STATEMENT, _JSON, padding_bytes=3_000_000)
GARBAGE = Reply(200, b'{"status": "ok", "pong": [1, 2, 3]}', _JSON)
NOT_FOUND = Reply(404, _PAGE % (b"404", b"404 Not Found"), _HTML)
FORBIDDEN = Reply(403, _PAGE % (b"403", b"403 Forbidden"), _HTML)
