/*
 * DER: the little of it that key files are made of, written and read.
 *
 * May: turn values into bytes and bytes into nodes.
 * May not: do cryptography, decide what a key is, touch the page, or send anything.
 *
 * The reader trusts nothing: definite lengths in their shortest form, at most three bytes of length, at most twelve
 * children, one level per call (so a file that nests ten thousand sequences costs one look), and never a byte
 * outside the bytes it was given. It makes views, not copies: what it returns shares memory with its input.
 */

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_ID = 0x06;
export const SEQUENCE = 0x30;

const MOST_LENGTH_BYTES = 3;
const MOST_CHILDREN = 12;

/** What was read is not the DER it ought to be. */
export class DerError extends Error {
  constructor(message) {
    super(message);
    this.name = "DerError";
  }
}

/* ---- reading ---- */

/** Where the body of the node at `at` starts and ends, as its length says; the end may lie beyond the bytes. */
function headOf(bytes, at) {
  if (at + 2 > bytes.length) throw new DerError("ends inside a tag");
  const first = bytes[at + 1];
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const count = first - 0x80;
  if (count === 0 || count > MOST_LENGTH_BYTES) throw new DerError("length of a form that keys do not use");
  const start = at + 2 + count;
  if (start > bytes.length) throw new DerError("ends inside a length");
  const length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError("length is not in its shortest form");
  return { start, end: start + length };
}

/** The node that starts at `at`: { tag, body, end }, with `end` the place just behind it. */
export function nodeAt(bytes, at = 0) {
  const { start, end } = headOf(bytes, at);
  if (end > bytes.length) throw new DerError("ends inside a value");
  return { tag: bytes[at], body: bytes.subarray(start, end), end };
}

/** The one node that `bytes` consist of, from first byte to last. */
export function onlyNode(bytes, tag) {
  const node = nodeAt(bytes);
  if (node.end !== bytes.length) throw new DerError("bytes left over");
  return expect(node, tag);
}

/** How many bytes the node at the start of `bytes` says it has, head included; null when it has no honest length. */
export function declaredLength(bytes) {
  try {
    return headOf(bytes, 0).end;
  } catch {
    return null;
  }
}

/** The nodes that fill `body`, at most twelve. */
export function children(body) {
  const nodes = [];
  for (let at = 0; at < body.length; ) {
    if (nodes.length === MOST_CHILDREN) throw new DerError("more parts than any key has");
    const node = nodeAt(body, at);
    nodes.push(node);
    at = node.end;
  }
  return nodes;
}

/** `node` itself, when it is there and carries `tag`. */
export function expect(node, tag) {
  if (!node || node.tag !== tag) throw new DerError("another kind of value stands here");
  return node;
}

const SHAPES = [
  [/^2,48,4(,|$)/, "pkcs8"],
  [/^48,4$/, "pkcs8-sealed"],
  [/^48,3$/, "spki"],
  [/^2,2$/, "pkcs1-public"],
  [/^2,2,2,2,2,2$/, "dsa"],
  [/^2,2,2,2,2,2,2,2,2(,|$)/, "pkcs1"],
  [/^2,4(,|$)/, "ec"],
  [/^2,48(,48)?$/, "pkcs12"],
  [/^6,160$/, "pkcs7"],
  [/^48,48,3$/, "signed"],
];

/** What a DER document is, by its shape alone (labels lie, and bare base64 has none); "" for a shape that no key has. */
export function identify(bytes) {
  const tags = (parts) => parts.map((part) => part.tag).join();
  const parts = children(onlyNode(bytes, SEQUENCE).body);
  const kind = SHAPES.find(([pattern]) => pattern.test(tags(parts)))?.[1] ?? "";
  if (kind !== "signed") return kind;
  return /^2,48,48(,\d+)?$/.test(tags(children(parts[0].body))) ? "csr" : "certificate";
}

/** A non-negative integer's bytes, without the sign byte. */
export function magnitude(node) {
  const { body } = expect(node, INTEGER);
  if (body.length === 0 || body[0] >= 0x80) throw new DerError("not a positive number");
  let start = 0;
  while (start < body.length - 1 && body[start] === 0) start += 1;
  return body.subarray(start);
}

/** A small integer as a number; anything above six bytes comes back as Infinity, which every limit refuses. */
export function smallNumber(node) {
  const bytes = magnitude(node);
  return bytes.length > 6 ? Infinity : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** An object identifier in dots: "1.2.840.113549.1.1.1". */
export function dotted(node) {
  const { body } = expect(node, OBJECT_ID);
  if (body.length === 0 || body.length > 32 || body.at(-1) >= 0x80) throw new DerError("not an object identifier");
  const arcs = [];
  let arc = 0;
  for (const byte of body) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const first = Math.min(2, Math.floor(arcs[0] / 40));
  return [first, arcs[0] - 40 * first, ...arcs.slice(1)].join(".");
}

/* ---- writing ---- */

/** One node from its tag and the parts of its body. */
export function node(tag, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 + size.length, ...size];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const sequence = (...parts) => node(SEQUENCE, ...parts);
export const octets = (bytes) => node(OCTET_STRING, bytes);
export const nothing = () => node(NULL);

/** A bit string of whole bytes. */
export const bits = (bytes) => node(BIT_STRING, [0], bytes);

/** A non-negative integer, from a number or from big-endian bytes. */
export function integer(value) {
  let bytes = value;
  if (typeof value === "number") {
    bytes = [];
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  }
  const sign = bytes.length === 0 || bytes[0] >= 0x80 ? [0] : [];
  return node(INTEGER, sign, bytes);
}

/** An object identifier from its dotted form. */
export function objectId(text) {
  const [first, second, ...rest] = text.split(".").map(Number);
  const body = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(128 + (left % 128));
    body.push(...groups);
  }
  return node(OBJECT_ID, body);
}
