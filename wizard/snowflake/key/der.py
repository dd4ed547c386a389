"""DER: the little of it that key files are made of, read and written (X.690; RFC 5280 asks for it).

Read within limits and without recursion: nothing here calls itself on what a file contains. Whatever is no such DER
raises ``key-damaged``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.specification import LIMITS

INTEGER, BIT_STRING, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30

_LONGEST_ARC: Final = 4  # bytes, of 7 bits each: 268,435,455, far beyond any arc in use
_LONGEST_OID: Final = 32


@dataclass(frozen=True, slots=True)
class Element:
    """One DER element: its tag and what it holds."""

    tag: int
    content: bytes = field(repr=False)


# --- reading ----------------------------------------------------------------------------------------------------------


def _head(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where the content of the element at ``at`` begins and ends; the end may lie beyond the data.

    ``None`` when there is no honest definite length: indefinite, too long, or written in more bytes than needed.
    """
    if at + 2 > len(data):
        return None
    first = data[at + 1]
    if first < 0x80:
        return at + 2, at + 2 + first
    count = first - 0x80
    begin = at + 2 + count
    if not 1 <= count <= LIMITS["length_bytes"] or begin > len(data):
        return None
    length = int.from_bytes(data[at + 2 : begin], "big")
    if length < 0x80 or length < 256 ** (count - 1):
        return None
    return begin, begin + length


def declared_length(data: bytes) -> int | None:
    """Return how many bytes the element at the start of ``data`` says it has, head included; ``None`` as above."""
    head = _head(data, 0)
    return head[1] if head else None


def _elements(content: bytes) -> tuple[Element, ...]:
    """Split ``content`` into the elements that stand in it side by side, one level deep."""
    found: list[Element] = []
    at = 0
    while at < len(content):
        head = _head(content, at)
        many_byte_tag = content[at] & 0x1F == 0x1F
        if len(found) == LIMITS["children"] or head is None or head[1] > len(content) or many_byte_tag:
            raise KeyProblem("key-damaged")
        found.append(Element(content[at], content[head[0] : head[1]]))
        at = head[1]
    return tuple(found)


def children(element: Element, *tags: int) -> tuple[Element, ...]:
    """Return what stands in a sequence, having checked that it begins with elements of these ``tags``."""
    if element.tag != SEQUENCE:
        raise KeyProblem("key-damaged")
    found = _elements(element.content)
    if tuple(child.tag for child in found[: len(tags)]) != tags:
        raise KeyProblem("key-damaged")
    return found


def only(data: bytes) -> Element:
    """Return the one element that ``data`` consists of, from first byte to last."""
    found = _elements(data)
    if len(found) != 1:
        raise KeyProblem("key-damaged")
    return found[0]


def magnitude(element: Element) -> bytes:
    """Return the bytes of an INTEGER that is not negative, without the sign: one at least, in the shortest form."""
    content = element.content
    if element.tag != INTEGER or not content or content[0] & 0x80:
        raise KeyProblem("key-damaged")
    if len(content) == 1 or content[0] != 0:
        return content
    if not content[1] & 0x80:
        raise KeyProblem("key-damaged")
    return content[1:]


def bit_length(digits: bytes) -> int:
    """Return the bits of a big-endian number, which is not made for that."""
    return 8 * (len(digits) - 1) + digits[0].bit_length()


def whole_bytes(element: Element) -> bytes:
    """Return what is in a BIT STRING of whole bytes."""
    if element.tag != BIT_STRING or not element.content or element.content[0] != 0:
        raise KeyProblem("key-damaged")
    return element.content[1:]


def dotted(element: Element) -> str:
    """Return an OBJECT IDENTIFIER in dots. Only digits and dots come out, and not many."""
    content = element.content
    if element.tag != OID or not 1 <= len(content) <= _LONGEST_OID or content[-1] & 0x80:
        raise KeyProblem("key-damaged")
    arcs: list[int] = []
    arc = length = 0
    for byte in content:
        length += 1
        if length > _LONGEST_ARC or (length == 1 and byte == 0x80):
            raise KeyProblem("key-damaged")
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = length = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


# --- writing ----------------------------------------------------------------------------------------------------------


def write(tag: int, *contents: bytes) -> bytes:
    """Write one element."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*contents: bytes) -> bytes:
    """Write a SEQUENCE."""
    return write(SEQUENCE, *contents)


def integer(value: int) -> bytes:
    """Write an INTEGER that is not negative."""
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """Write an OCTET STRING."""
    return write(OCTETS, content)


def null() -> bytes:
    """Write NULL."""
    return write(NULL)


def oid(dots: str) -> bytes:
    """Write an OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(arc) for arc in dots.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        left = arc >> 7
        while left:
            groups.append(0x80 | left & 0x7F)
            left >>= 7
        content.extend(reversed(groups))
    return write(OID, bytes(content))
