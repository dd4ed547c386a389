"""The face of a key, made and drawn in the page as it is on the server."""

from __future__ import annotations

import base64
import random
from dataclasses import asdict
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, expect

from tests.e2e.key.stand import ROOT, Stand
from tests.key_files import Files
from wizard.snowflake.key import PublicKey, face_of


def fingerprints() -> list[str]:
    """Every edge, and a thousand others."""
    some = random.Random("faces")
    digests = [bytes(32), b"\xff" * 32, *(bytes([1 << bit]) * 32 for bit in range(8))]
    digests += [some.randbytes(32) for _ in range(1000)]
    return ["SHA256:" + base64.b64encode(digest).decode() for digest in digests]


def elements(html: str) -> list[tuple[str, dict[str, Any], str]]:
    """Each element with its attributes and text, however it was written."""
    soup = BeautifulSoup(html, "html.parser")
    return [(tag.name, {name.lower(): value for name, value in tag.attrs.items()}, tag.text) for tag in soup.find_all()]


def test_the_page_gives_every_fingerprint_the_face_that_the_server_gives_it(bench: Page) -> None:
    told = fingerprints()
    here = bench.evaluate("(all) => Promise.all(all.map(key.face.faceOf))", told)
    assert here == [asdict(face_of(fingerprint)) for fingerprint in told]


def test_the_page_draws_a_face_as_the_macro_does(bench: Page) -> None:
    environment = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    macro = environment.from_string('{% from "components/face.html" import face %}{{ face(seen, small=True) }}')
    draw = "async (fingerprint) => key.face.drawFace(await key.face.faceOf(fingerprint)).outerHTML"
    for fingerprint in fingerprints()[:30]:
        there = elements(macro.render(seen=face_of(fingerprint)))
        there[0][1]["class"].remove("face-small")
        assert elements(bench.evaluate(draw, fingerprint)) == there


def test_a_key_made_in_the_page_has_its_face_above_its_fingerprint_and_loses_it_with_the_key(
    page: Page, stand: Stand
) -> None:
    page.get_by_label("Save it without a passphrase").check()
    page.get_by_role("button", name="Make my key pair").click()
    face = page.locator("browser-key [data-face]")
    expect(face).to_be_visible()
    words = face_of(page.locator("[data-copy=fingerprint]").inner_text()).words
    expect(face.locator("[data-copy=key-words]")).to_have_text(words)
    expect(face.get_by_role("img", name=words, exact=True)).to_be_visible()
    with page.expect_download():
        page.get_by_role("button", name="Save rsa_key.p8", exact=True).click()
    expect(face).to_have_count(1)
    page.get_by_role("button", name="Use another key").click()
    expect(face).to_have_count(0)
    assert not stand.bodies


def test_without_the_words_a_key_is_opened_all_the_same(page: Page, wrong: list[str], files: Files) -> None:
    page.route("**/face_words.txt", lambda route: route.fulfill(status=503))
    page.get_by_label("I have a key file").check()
    with page.expect_console_message(lambda said: "503" in said.text):
        page.get_by_label("Your private key file").set_input_files(
            {"name": "rsa_key.p8", "mimeType": "", "buffer": files.plain.encode()}
        )
    expect(page.locator("[data-part=held] [data-copy=fingerprint]")).to_have_text(
        PublicKey.of_private(files.key).fingerprint
    )
    expect(page.locator("browser-key [data-face]")).to_have_count(0)
    assert {line.split(" (")[0] for line in wrong} == {
        "Failed to load resource: the server responded with a status of 503"
    }
    wrong.clear()
