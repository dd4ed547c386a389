"""A person who walks the wizard as fast as the wires carry, over one kept-alive connection.

No page is parsed beyond what a walk needs (the CSRF token and where it leads), so that what is measured is the server.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Self
from urllib.parse import urlencode, urlsplit

ACCOUNT = "practice-snowflake"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def acts(user: str, public_key: str, described: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield what a person does before the live test: method, path, and what they answer."""
    yield "GET", "/", {}
    yield "GET", "/steps/account", {}
    yield "POST", "/steps/account", {"account": ACCOUNT}
    yield "POST", "/steps/user", {"username": user}
    yield "POST", "/steps/key", {"source": "public", "public_key": public_key}
    yield "POST", "/steps/register", {"registered": "yes"}
    yield "POST", "/steps/verify", {"desc_user": described}


def request_line(method: str, path: str, cookie: str, fields: Mapping[str, str] | None = None) -> bytes:
    """Return a request as it goes over the wire, with ``fields`` as its form."""
    body = b"" if fields is None else urlencode(fields).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, deflate, br, zstd"]
    head += [f"Cookie: {cookie}"] if cookie else []
    if fields is not None:
        head += ["Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded"]
        head += [f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


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
        return self._ask("POST", path, urlencode({"csrf_token": self._token, **fields}))

    @property
    def cookie(self) -> str:
        """The cookies as a request carries them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    @property
    def _token(self) -> str:
        found = TOKEN.search(self.html)
        return found[1] if found else ""

    def written(self, path: str, **fields: str) -> bytes:
        """Return the request that :meth:`post` would send, as it goes over the wire."""
        return request_line("POST", path, self.cookie, {"csrf_token": self._token, **fields})

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip, deflate, br, zstd"}
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
            packed = answer.headers["Content-Encoding"] == "gzip"
        self.html = (gzip.decompress(content) if packed else content).decode()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {self.html[:2000]}")
        return self.html

    # --- the walk -----------------------------------------------------------------------------------------------------
    def walk_to_the_test(self, user: str, public_key: str, described: str) -> None:
        """Answer every step before the live test."""
        for method, path, fields in acts(user, public_key, described):
            self.get(path) if method == "GET" else self.post(path, **fields)
        if 'data-step="test"' not in self.html:
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
