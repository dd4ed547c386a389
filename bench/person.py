"""A person who walks the wizard as fast as the wires carry, over one kept-alive connection.

No page is parsed beyond what a walk needs (the CSRF token and where it leads), so that what is measured is the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Self
from urllib.parse import urlencode, urlsplit

ACCOUNT = "practice-snowflake"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """Cookies, the last page, and the number of requests so far."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._cookies: dict[str, str] = {}
        self.requests = 0
        self.html = ""

    @classmethod
    @contextmanager
    def at(cls, url: str) -> Iterator[Self]:
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
            yield cls(connection)

    def get(self, path: str) -> str:
        """Open a page and return it; redirects are followed."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> str:
        """Send the form of the last page, with its CSRF token, and return the page it leads to."""
        found = _TOKEN.search(self.html)
        token = found[1] if found else ""
        return self._ask("POST", path, urlencode({"csrf_token": token, **fields}))

    def written(self, path: str, **fields: str) -> bytes:
        """Return the request that :meth:`post` would send, as it goes over the wire."""
        found = _TOKEN.search(self.html)
        body = urlencode({"csrf_token": found[1] if found else "", **fields}).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        self._connection.request(method, path, body, headers)
        with self._connection.getresponse() as answer:
            content = answer.read()
            self.requests += 1
            for line in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = line.split(";")[0].partition("=")
                self._cookies[name] = value
            if answer.status == 303:
                return self._ask("GET", answer.headers["Location"])
        self.html = content.decode()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {self.html[:2000]}")
        return self.html

    # --- the walk -----------------------------------------------------------------------------------------------------
    def walk_to_the_test(self, user: str, public_key: str, described: str) -> None:
        """Answer every step before the live test."""
        self.get("/")
        self.get("/steps/account")
        self.post("/steps/account", account=ACCOUNT)
        self.post("/steps/user", username=user)
        self.post("/steps/key", source="public", public_key=public_key)
        self.post("/steps/register", registered="yes")
        if 'data-step="test"' not in self.post("/steps/verify", desc_user=described):
            raise RuntimeError(f"the walk did not reach the test: {self.html[:3000]}")
        self._connection.close()  # it opens again by itself; the server may not wait for a person who has gone quiet

    def test(self, private_key: str) -> None:
        """Run the live test in one request."""
        if 'data-verdict="passed"' not in self.post("/steps/test", private_key_text=private_key):
            raise RuntimeError(f"the live test did not pass: {self.html[:20000]}")
        self._connection.close()

    def finish(self) -> None:
        if 'data-step="handover"' not in self.get("/steps/handover"):
            raise RuntimeError("the walk did not reach the hand-over")
