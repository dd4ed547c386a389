"""Which of my files is the key in Snowflake? Files opened in the page, and compared there."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, Request, expect

from tests.web.walking import fingerprint, private_pem, public_pem, table


def test_many_files_are_opened_in_the_page_and_the_one_on_the_user_is_named(
    page: Page, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    contents = {
        "old.p8": private_pem(other_rsa_2048),
        "sealed.p8": private_pem(rsa_2048, "a passphrase"),
        "old.pub": public_pem(other_rsa_2048).encode(),
        "notes.txt": b"remember the milk",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    bodies: list[str] = []

    def keep(request: Request) -> None:
        bodies.append(request.post_data or "")

    page.on("request", keep)
    page.goto("/which-key")
    page.get_by_label("Your key files").set_input_files([tmp_path / name for name in contents])
    rows = page.locator("[data-part=found] > li")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text(fingerprint(other_rsa_2048))
    expect(rows.nth(2)).to_contain_text("Public half, RSA, 2048 bits")
    expect(rows.nth(3)).to_contain_text("Nothing in this looks like a private key.")

    page.get_by_label("What DESC USER or SHOW USER KEY PAIRS answered").fill(
        table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    )
    page.get_by_role("button", name="Compare").click()
    expect(rows.nth(0)).to_contain_text("None of the keys below.")

    sealed = rows.nth(1)
    sealed.get_by_label("It has a passphrase").fill("not this")
    sealed.get_by_role("button", name="Open it").click()
    expect(sealed).to_contain_text("The passphrase does not open this private key.")
    sealed.get_by_label("It has a passphrase").fill("a passphrase")
    sealed.get_by_label("It has a passphrase").press("Enter")
    expect(sealed).to_contain_text("This is the key in slot 1 of JANE.")
    expect(sealed.locator("[data-face]")).to_be_visible()
    expect(page.locator("input[type=password]:visible")).to_have_count(0)
    assert not any("PRIVATE" in body or "passphrase" in body for body in bodies)
