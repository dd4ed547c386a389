"""Key files damaged in generated ways, for the two readers to be compared on.

A case is a form, none to three damages one after another, an encoding, and a passphrase. Everything is drawn from the
seed and the number of the case, so that ``case(seed, number)`` is the same file in every run.
"""

from __future__ import annotations

import base64
import json
import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.key_files import pem
from tests.key_forms import files, forms, sealed_forms
from wizard.snowflake.key import LIMITS, SPECIFICATION

Random = random.Random
Damage = Callable[[str, Random], str]
STRANGERS = (
    "é…“”–—ß\u212a\u017f\u0131\ufeff\u200b\u00a0\u00ad\u2028\u0085\u3000\u180e𝒫\x00\x0b\x1c\x7f!$%&()*.:;<>?@[]^{|}~"
)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LABELS = [*SPECIFICATION["labels"], *SPECIFICATION["named_labels"], "X509CRL", "SECRETTHING", ""]


# --- damages ----------------------------------------------------------------------------------------------------------


def _breaks(*instead: str) -> Damage:
    return lambda text, rng: text.replace("\n", rng.choice(instead))


def _some_breaks(text: str, rng: Random) -> str:
    return "".join(rng.choice(("", " ", "\n\n", "\r\n")) if c == "\n" and rng.random() < 0.2 else c for c in text)


def _markers(text: str, rng: Random) -> str:
    lines = text.split("\n")
    at = [number for number, line in enumerate(lines) if "-----" in line]
    for number in rng.sample(at, min(len(at), rng.choice((1, 2)))):
        lines[number] = _marker(lines[number], rng)
    return "\n".join(lines)


def _marker(line: str, rng: Random) -> str:
    dash = rng.choice(
        ("", "-", "--", "----", "------", "\u2010" * 5, "\u2014" * 2 + "-", "\u2013", "\u2212" * 5, "- - -", "_____")
    )
    return rng.choice(
        (
            lambda: "",
            lambda: line.replace("-----", dash),
            lambda: line.replace("-----", dash, 1),
            lambda: line.lower(),
            lambda: line.title(),
            lambda: line.replace(" ", ""),
            lambda: line.replace(" ", rng.choice(("  ", "\t", "\u00a0", "\n", "_"))),
            lambda: line[: rng.randint(0, len(line))],
            lambda: line[rng.randint(0, len(line)) :],
            lambda: f"-----{rng.choice(('BEGIN', 'END', 'Begin'))} {rng.choice(LABELS)}-----",
            lambda: line.replace(" KEY", rng.choice((" KEYS", "\u212aEY", " KEY BLOCK"))),
        )
    )()


def _each_line(text: str, rng: Random) -> str:
    prefix = rng.choice(
        (
            "> ",
            ">> ",
            "> > ",
            "* ",
            " * ",
            "*",
            "# ",
            "#",
            "// ",
            "- ",
            "+ ",
            "+",
            "| ",
            "|",
            "\t",
            "    ",
            "12: ",
            "\u00a0",
            "** ",
        )
    )
    return "".join(f"{prefix}{line}\n" for line in text.splitlines())


def _line_ends(text: str, rng: Random) -> str:
    return text.replace(
        "\n", rng.choice((";", ",", "\\", "  ", "\t", "\\n\\", '" +', '"', "'", "|", "<br>", "`n", "^")) + "\n"
    )


def _wrapped(text: str, rng: Random) -> str:
    name = rng.choice(("PRIVATE_KEY", "private_key", "key", "SNOWFLAKE_PRIVATE_KEY", "RSA_PUBLIC_KEY"))
    body = "".join(line for line in text.splitlines() if "-----" not in line)
    indented = textwrap.indent(text, rng.choice(("  ", "    ", "\t")))
    escaped = text.replace("\n", "\\n")
    plain = (f'"{text}"', f"'{text.strip()}'", f"`{text}`", f'"""\n{text}"""', f"“{text.strip()}”", f"<{text}>")
    tagged = (f"```\n{text}```\n", f"<pre>{text}</pre>", f"b'{escaped}'", f"ALTER USER JANE SET {name}='{body}';")
    in_json = (
        json.dumps(text),
        json.dumps({"user": "JANE", name: text}, indent=rng.choice((None, 2))),
        json.dumps(json.dumps({name: text})),
        json.dumps(text).replace("/", "\\/").replace("+", "\\u002b"),
    )
    in_settings = (
        f"{name}: |\n{indented}",
        f"{name}: >-\n{indented}",
        f'{name}: "{escaped}"\n',
        f'{name} = """\n{text}"""\n',
        f"export {name}='{text}'",
        f'export {name}="{escaped}"',
        f"{name}={body}",
        f"{name}={escaped}",
        f"set {name}={text}",
        f"{name}={quote(text, safe='')}",
    )
    return rng.choice((*plain, *tagged, *in_json, *in_settings))


def _ends(text: str, rng: Random) -> str:
    end = rng.choice(
        (";", ",", ".", "\\", '"', "'", "\n\n\n", "   ", "\0", "n", "==", "}", "\x1a", "\u200b", " end of the key")
    )
    start = rng.choice(
        ("", "", "\ufeff", "\u200b", "n", " ", "\n\n", "=", "key: ", "Bag Attributes\n    localKeyID: 01\n")
    )
    return start + rng.choice((text, text.rstrip("\n"))) + end


def _around(text: str, rng: Random) -> str:
    words = (
        "Here is the key for Jane, keep it safe.\n",
        "# a comment\n",
        "--- BEGINNING OF FILE ---\n",
        "user=JANE\n",
        "%0A",
        "\\n",
        "=" * 40,
        "MIIB is how keys begin\n",
        "Grüße, Jürgen\n",
        "Version: 1\n",
    )
    return rng.choice(words) + text if rng.random() < 0.5 else text + rng.choice(words)


def _encoded(text: str, rng: Random) -> str:
    raw = text.encode("utf-8", "replace")
    return rng.choice(
        (
            lambda: base64.b64encode(raw).decode(),
            lambda: base64.encodebytes(raw).decode(),
            lambda: base64.urlsafe_b64encode(raw).decode().rstrip("="),
            lambda: quote(text),
            lambda: quote(text, safe="/-"),
            lambda: text.replace("+", "%2B").replace("\n", "%0A"),
            lambda: text.replace("+", "-").replace("/", "_"),
            lambda: text.replace("=", ""),
            lambda: text.replace("+", " "),
            lambda: text.replace("\n", "&#10;"),
        )
    )()


def _backslashes(text: str, rng: Random) -> str:
    return text.replace("\n", "\\" * rng.randint(1, 7) + rng.choice(("n", "r\\n", "n\n", "u000a", "t", "")))


def _cut(text: str, rng: Random) -> str:
    one, other = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    return rng.choice(
        (text[:one], text[other:], text[:one] + text[other:], text[one:other], text[: -rng.randint(1, 40)])
    )


def _lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    line = lines.pop(at)
    if (how := rng.randrange(4)) == 1:
        lines[at:at] = [line, line]
    elif how == 2:
        lines.insert(rng.randint(0, len(lines)), line)
    elif how == 3:
        lines.insert(at, line + rng.choice(("A", "=", "AAAA", "\u00e9")))
    return "\n".join(lines)


def _characters(text: str, rng: Random) -> str:
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randint(0, len(text))
        text = (
            text[:at]
            + rng.choice((rng.choice(DIGITS), rng.choice(STRANGERS), "=", "-", "_", " "))
            + text[at + rng.randint(0, 1) :]
        )
    return text


def _shortened(text: str, rng: Random) -> str:
    at = rng.randint(0, len(text))
    return (
        text[:at]
        + rng.choice(("...", "…", "***", "x" * 12, "X" * 20, "x" * 11, "[snip]", "\n...\n", "****"))
        + text[at + rng.choice((0, 64, 200)) :]
    )


def _company(text: str, rng: Random) -> str:
    mine = files()
    one = rng.choice(
        (
            text,
            mine.plain,
            mine.pkcs1,
            mine.public,
            mine.other_public,
            mine.other_plain,
            mine.certificate,
            mine.ssh_line,
            mine.sealed,
            mine.body,
            mine.request,
        )
    )
    parts = [text, *[one] * rng.choice((1, 1, 1, 2, 4))]
    rng.shuffle(parts)
    return rng.choice(("", "\n", "\n\n")).join(parts)


def _size(text: str, rng: Random) -> str:
    most = LIMITS["file_bytes"]
    size = rng.choice((40_000, 33_000, most - len(text) - 1, most - len(text), most - len(text) + 1, most))
    filling = (rng.choice((" ", "\n", "-", "=", "A", "\\", "x", "a line of a log\n", "\\\\n", "MII")) * max(size, 0))[
        : max(size, 0)
    ]
    return text + filling if rng.random() < 0.5 else filling + text


TEXT_DAMAGES: dict[str, Damage] = {
    "line breaks lost": _breaks("", "", " ", "\t", "\u00a0"),
    "line breaks of another kind": _breaks("\r\n", "\r", "\n\n", "\r\r\n", " \n", "\u200b\n"),
    "rare line breaks": _breaks("\u2028", "\u2029", "\x85", "\x0b", "\f", "\x1c"),
    "line breaks escaped": _breaks("\\n", "\\r\\n", "\\\\n", "\\n\n", "\\\\\\\\\\n"),
    "line breaks eaten by a shell": _breaks("n", "rn", "nn", "r"),
    "backslashes": _backslashes,
    "some line breaks": _some_breaks,
    "markers": _markers,
    "each line": _each_line,
    "line ends": _line_ends,
    "wrapped": _wrapped,
    "ends": _ends,
    "around": _around,
    "encoded": _encoded,
    "cut": _cut,
    "lines": _lines,
    "characters": _characters,
    "shortened": _shortened,
    "company": _company,
}


def _bytes_damaged(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(min(len(data), rng.choice((30, 60, 10_000)))) if data else 0
    flipped = data[:at] + bytes((data[at] ^ 1 << rng.randrange(8),)) + data[at + 1 :] if data else b""
    return rng.choice(
        (flipped, flipped, data[:at], data + rng.choice((b"\n", b"\r\n", b"\0", b"x")), data[at:], b" " + data)
    )


def _bent(text: str, rng: Random) -> str:
    """Change bytes of the DER under the markers, which hardly any damage of the text does so well."""
    lines = text.strip().split("\n")
    try:
        data = base64.b64decode("".join(line for line in lines if "-----" not in line), validate=True)
    except ValueError:
        return text
    label = lines[0].strip("-").removeprefix("BEGIN ")
    return pem(label, _bytes_damaged(data, rng))


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode("utf-8", "replace"),
    "byte order mark": lambda text: text.encode("utf-8-sig", "replace"),
    "utf-16": lambda text: text.encode("utf-16", "replace"),
    "utf-16-le": lambda text: text.encode("utf-16-le", "replace"),
    "utf-16-be": lambda text: text.encode("utf-16-be", "replace"),
    "latin-1": lambda text: text.encode("latin-1", "replace"),
    "half of utf-16": lambda text: text.encode("utf-16", "replace")[:-1],
}


# --- cases ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One damaged file and the passphrase given for it; ``made`` says how it came to be."""

    number: int
    made: tuple[str, ...]
    data: bytes = field(repr=False)
    passphrase: str


def case(seed: str, number: int) -> Case:
    """Return a case; the same one for the same arguments."""
    rng = Random(f"{seed}/{number}")
    if rng.random() < 0.35:
        name = rng.choice(tuple(sealed_forms()))
        whole: str | bytes = sealed_forms()[name].text
        right = sealed_forms()[name].passphrase
    else:
        name = rng.choice((*forms(), *["pkcs8", "pkcs1"] * 12))
        whole, right = forms()[name], ""
    made = [name]
    if isinstance(whole, bytes):
        for _ in range(rng.choice((0, 1, 1, 2))):
            whole = _bytes_damaged(whole, rng)
            made.append("bytes changed")
        data = whole
    else:
        if rng.random() < 0.25:
            whole = _bent(whole, rng)
            made.append("bent")
        for damage in rng.choices(tuple(TEXT_DAMAGES), k=rng.choice((0, 1, 1, 2, 2, 3))):
            whole = TEXT_DAMAGES[damage](whole, rng)
            made.append(damage)
        if rng.random() < 0.03:
            whole = _size(whole, rng)
            made.append("size")
        encoding = rng.choice(("utf-8",) * 14 + tuple(ENCODINGS))
        made.append(encoding)
        data = ENCODINGS[encoding](whole)
    return Case(number, tuple(made), data, _passphrase(right, rng))


def _passphrase(right: str, rng: Random) -> str:
    if rng.random() < 0.6:
        return right
    edge = rng.choice((" ", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\ufeff"))
    return rng.choice(
        (
            "",
            "wrong",
            right + edge,
            edge + right,
            edge + right + edge,
            right * 2,
            right.upper(),
            "x" * 1001,
            "𝒫" * 600,
            edge,
        )
    )
