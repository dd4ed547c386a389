"""One page, one act: on opening, the question and the one filled button are on the first screen, with few words.

Every state of every page of the walk is opened as a person comes to it, and measured at the size of a small laptop and
of a phone. A page that has to show more on opening is named in :data:`EXCEPTIONS`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.walker import ACCOUNT, USER, Administrator, post, stand_at
from tests.web.walking import private_pem
from wizard.snowflake.key import PublicKey
from wizard.walk import WALKS

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
MOST_WORDS = {"handover": 200, "start": 150}
MOST_WORDS_ON_A_STEP = 140

# The state, and why it can't be otherwise. Three at most.
EXCEPTIONS: dict[str, str] = {
    "test, passed": "each of the seven rows says in a sentence what was proved, which is what the page is for",
}

LOOK = """() => {
  const inSight = (element) => element.checkVisibility({ visibilityProperty: true });
  const bottom = (element) => element.getBoundingClientRect().bottom;
  const main = document.querySelector("main");
  const filled = [...main.querySelectorAll(".button-primary")].filter(inSight);
  // Where tools are to be chosen, or a text is to be copied, that is the act.
  const offered = [...main.querySelectorAll("a[data-tool], [data-copy-button]")].filter(inSight);
  return {
    question: bottom(main.querySelector("h1")),
    acts: (filled.length ? filled : offered.slice(0, 1)).map((act) => [act.innerText.trim(), bottom(act)]),
    words: main.innerText.trim().split(/\\s+/).length,
  };
}"""


class Room:
    """A window on a wizard with a key, and an administrator to arrange what it meets."""

    def __init__(self, page: Page, server: Served, key: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey) -> None:
        self.page = page
        self.administrator = Administrator(server.url)
        self.private = key
        self.key = PublicKey.of_private(key)
        self.other = PublicKey.of_private(other)

    def at(self, slug: str) -> None:
        stand_at(self.page, slug, self.key)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def sent(self, field: str, text: str, button: str) -> None:
        """Fill a box, press, and wait for the answer to stand there."""
        self.page.locator(f"[name={field}]").fill(text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.press(button)
        expect(self.page.locator("[aria-disabled=true]")).to_have_count(0)

    def tested(self) -> None:
        """Stand behind a test that has passed."""
        self.administrator.run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{self.key.base64}';")
        self.at("test")
        post(self.page, "test", {"private_key_text": private_pem(self.private).decode()})

    def asked(self) -> str:
        """Write the message for the administrator, and return the link in it."""
        self.at("register")
        self.page.locator("summary", has_text="An administrator").click()
        self.press("Write the message")
        expect(self.page.get_by_role("heading", name="Send this to your administrator")).to_be_visible()
        return self.page.locator("[data-copy=share-link]").text_content() or ""

    def looked(self) -> None:
        """Stand on the administrator's page, with the answer of DESC USER pasted once."""
        self.page.goto(self.asked())
        self.sent("desc_user", self.administrator.describe(), "Check the user")
        expect(self.page.get_by_text("Slot 1 is free.")).to_be_visible()


def _register_asking(room: Room) -> None:
    room.at("register")
    room.page.locator("summary", has_text="An administrator").click()


def _register_both_slots_taken(room: Room) -> None:
    one, two = (f"SHA256:{letter * 43}=" for letter in "AB")
    room.at("verify")
    room.sent("desc_user", f"RSA_PUBLIC_KEY_FP\t{one}\nRSA_PUBLIC_KEY_2_FP\t{two}", "Compare")
    room.page.goto("/steps/register")
    expect(room.page.get_by_text("Both slots are taken")).to_be_visible()


def _register_named(room: Room) -> None:
    room.at("register")
    wanted = {"way": "named", "role_restriction": "ANALYST", "days_to_expiry": "90", "comment": "dbt, in the night"}
    post(room.page, "register", wanted)
    room.page.goto("/steps/register")
    expect(room.page.get_by_text("It becomes the named key pair")).to_be_visible()


def _waiting(room: Room) -> None:
    room.asked()
    room.page.goto("/steps/register")
    expect(room.page.get_by_role("heading", name="Waiting for your administrator")).to_be_visible()


def _verify(answer: Callable[[Room], str]) -> Callable[[Room], None]:
    def arrive(room: Room) -> None:
        room.at("verify")
        room.sent("desc_user", answer(room), "Compare")
        room.page.goto("/steps/verify") if room.page.url.endswith("/test") else None

    return arrive


def _with(sql: str) -> Callable[[Room], str]:
    def described(room: Room) -> str:
        room.administrator.run(sql.format(user=USER, key=room.key.base64, other=room.other.base64))
        return room.administrator.describe()

    return described


def _shared_done(room: Room) -> None:
    room.looked()
    room.administrator.run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{room.key.base64}';")
    room.sent("desc_user", room.administrator.describe(), "Compare")
    expect(room.page.get_by_role("heading", name="Done.")).to_be_visible()


def _returned(elsewhere: bool) -> Callable[[Room], None]:
    def arrive(room: Room) -> None:
        _shared_done(room)
        link = room.page.locator("[data-copy=return-link]").text_content() or ""
        if elsewhere:
            room.page.context.clear_cookies()
        room.page.goto(link)
        expect(room.page.get_by_role("heading", name=f"set the key of {USER}")).to_be_visible()

    return arrive


def _resumed(room: Room) -> None:
    room.asked()
    room.page.locator("summary", has_text="Go on later").click()
    link = room.page.locator("[data-copy=resume-link]").text_content() or ""
    room.page.context.clear_cookies()
    room.page.goto(link)
    expect(room.page.get_by_role("heading", name="Go on with this walk?")).to_be_visible()


def _shared_not_yet(room: Room) -> None:
    room.looked()
    room.sent("desc_user", room.administrator.describe(), "Compare")


def _refused(slug: str, field: str, text: str, button: str = "Continue") -> Callable[[Room], None]:
    def arrive(room: Room) -> None:
        room.at(slug)
        room.sent(field, text, button)
        expect(room.page.locator(f"#{field}-error")).to_be_visible()

    return arrive


def _test(room: Room) -> None:
    room.at("test")
    expect(room.page.get_by_role("button", name="Test the connection")).to_be_visible()


def _tested(room: Room) -> None:
    _test(room)
    file = FilePayload(name="rsa_key.p8", mimeType="", buffer=private_pem(room.private))
    room.page.get_by_label("Your private key file").set_input_files(file)
    room.press("Test the connection")
    expect(room.page.locator("[data-verdict]")).to_be_visible()


def _passed(room: Room) -> None:
    room.administrator.run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{room.key.base64}';")
    _tested(room)


def _key_of_the_receipt(room: Room) -> None:
    room.tested()
    room.page.goto("/done")
    link = room.page.locator("[data-copy=key-link]").text_content() or ""
    room.page.context.clear_cookies()
    room.page.goto(link)
    expect(room.page.get_by_role("heading", name=f"The key of {USER}")).to_be_visible()


def _after_the_test(path: str) -> Callable[[Room], None]:
    def arrive(room: Room) -> None:
        room.tested()
        room.page.goto(path)

    return arrive


def _rotating(to: str, walk: str = "rotate") -> Callable[[Room], None]:
    """Stand at a step of a rotation, with another key on the user to be replaced by the room's own."""

    def arrive(room: Room) -> None:
        room.administrator.run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{room.other.base64}';")
        told = {
            "account": {"account": ACCOUNT},
            "user": {"username": USER},
            "look": {"desc_user": room.administrator.describe()},
            "retire": {"retired": "yes"},
            "key": {"source": "public", "public_key": room.key.pem},
            "register": {"registered": "yes"},
            "verify": {"skip": "yes"},
            "test": {"private_key_text": private_pem(room.private).decode()},
            "switch": {"switched": "yes"},
        }
        for step in WALKS[walk].steps:
            if step.slug == to:
                break
            if step.slug == "verify":
                room.administrator.run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY_2='{room.key.base64}';")
            post(room.page, step.slug, told[step.slug], walk)
        room.page.goto(f"/{walk}/{to}")
        expect(room.page.locator(f"main[data-step={to}]")).to_be_visible()

    return arrive


def _key_to_replace(room: Room) -> None:
    _rotating("key")(room)
    room.page.goto("/rotate/look")
    expect(room.page.get_by_text("This key will be replaced")).to_be_visible()


def _old_keys_test(room: Room) -> None:
    _rotating("switch")(room)
    room.page.goto("/rotate/test/old")
    expect(room.page.get_by_role("button", name="Test the connection")).to_be_visible()


STATES: dict[str, Callable[[Room], object]] = {
    "start": lambda room: room.page.goto("/"),
    "account": lambda room: room.at("account"),
    "account, refused": _refused("account", "account", "what?"),
    "user": lambda room: room.at("user"),
    "user, refused": _refused("user", "username", "a\u200bb"),
    "register": lambda room: room.at("register"),
    "register, an administrator": _register_asking,
    "register, waiting": _waiting,
    "register, both slots taken": _register_both_slots_taken,
    "register, as a named key pair": _register_named,
    "share, the message": lambda room: room.asked(),
    "share, look": lambda room: room.page.goto(room.asked()),
    "share, run": lambda room: room.looked(),
    "share, not yet": _shared_not_yet,
    "share, done": _shared_done,
    "return, in one's own walk": _returned(elsewhere=False),
    "return, elsewhere": _returned(elsewhere=True),
    "resume, elsewhere": _resumed,
    "verify": lambda room: room.at("verify"),
    "verify, refused": _refused("verify", "desc_user", "rubbish", "Compare"),
    "verify, no key": _verify(_with("DESC USER {user};")),
    "verify, another key": _verify(_with("ALTER USER {user} SET RSA_PUBLIC_KEY='{other}';")),
    "verify, the key is there": _verify(_with("ALTER USER {user} SET RSA_PUBLIC_KEY='{key}';")),
    "test": _test,
    "test, failed": _tested,
    "test, passed": _passed,
    "handover": _after_the_test("/steps/handover"),
    "handover, a tool": _after_the_test("/steps/handover?tool=dbt"),
    "done": _after_the_test("/done"),
    "done, by the link": _key_of_the_receipt,
    "done, undo": _after_the_test("/done/undo"),
    "rotate": lambda room: room.page.goto("/rotate"),
    "look": _rotating("look"),
    "look, one key": _key_to_replace,
    "register, in a rotation": _rotating("register"),
    "test, the old key": _old_keys_test,
    "switch": _rotating("switch"),
    "retire": _rotating("retire"),
    "retire, leaked": _rotating("retire", "leaked"),
    "start, with a walk": _after_the_test("/"),
}


@pytest.fixture
def room(page: Page, wizard_server: Served, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey) -> Room:
    made = Room(page, wizard_server, rsa_2048, other_rsa_2048)
    made.administrator.forget_keys()
    return made


@pytest.mark.parametrize("state", STATES)
def test_the_question_and_the_one_act_are_on_the_first_screen(room: Room, state: str) -> None:
    STATES[state](room)
    most = MOST_WORDS.get(state.split(",")[0], MOST_WORDS_ON_A_STEP)
    wrong = []
    for size, (width, height) in SIZES.items():
        room.page.set_viewport_size({"width": width, "height": height})
        room.page.evaluate("scrollTo(0, 0)")
        seen = room.page.evaluate(LOOK)
        if seen["question"] > height:
            wrong.append(f"{size}: the question ends at {seen['question']:.0f}")
        if len(seen["acts"]) != 1:
            wrong.append(f"{size}: {len(seen['acts'])} filled buttons: {seen['acts']}")
        wrong += [f"{size}: “{act}” ends at {end:.0f} of {height}" for act, end in seen["acts"] if end > height]
        if seen["words"] > most:
            wrong.append(f"{size}: {seen['words']} words of {most}")
    assert bool(wrong) == (state in EXCEPTIONS), wrong


def test_the_exceptions_are_few_and_each_says_why() -> None:
    assert len(EXCEPTIONS) <= 3
    assert EXCEPTIONS.keys() <= STATES.keys()
    assert all(len(reason.split()) > 5 for reason in EXCEPTIONS.values())
