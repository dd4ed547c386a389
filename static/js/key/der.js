/*
 * DER: the little of it that key files are made of, read and written (X.690).
 *
 * May: turn values into bytes and bytes into elements.
 * May not: do cryptography, decide what a key is, touch the page, or send anything.
 *
 * The reader trusts nothing: definite lengths in their shortest form, limits on everything, one level per call (so a
 * file that nests ten thousand sequences costs one look), and never a byte outside the bytes it was given. Whatever is no
 * such DER is a KeyProblem, "key-damaged". It makes views, not copies: what it returns shares memory with its input.
 */

import { KeyProblem } from "./problem.js";
import { limits } from "./specification.js";

/**
 * @import { Bytes } from "./base64.js"
 * @typedef {{ tag: number, content: Bytes }} Element
 */

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTETS = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const SEQUENCE = 0x30;

const LONGEST_ARC = 4; // bytes, of 7 bits each: 268,435,455, far beyond any arc in use
const LONGEST_OID = 32;

const damaged = () => new KeyProblem("key-damaged");
/** @param {Bytes} bytes */
const asNumber = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

/* ---- reading ---- */

/**
 * Where the content of the element at `at` begins and ends (maybe beyond the bytes); null without an honest length.
 *
 * @param {Bytes} bytes
 * @param {number} at
 */
function headOf(bytes, at) {
  if (at + 2 > bytes.length) return null;
  const first = bytes[at + 1];
  if (first < 0x80) return { begin: at + 2, end: at + 2 + first };
  const count = first - 0x80;
  const begin = at + 2 + count;
  if (count < 1 || count > limits.length_bytes || begin > bytes.length) return null;
  const length = asNumber(bytes.subarray(at + 2, begin));
  if (length < 0x80 || length < 256 ** (count - 1)) return null;
  return { begin, end: begin + length };
}

/**
 * How many bytes the element at the start of `bytes` says it has, head included; null when it has no honest length.
 *
 * @param {Bytes} bytes
 */
export const declaredLength = (bytes) => headOf(bytes, 0)?.end ?? null;

/**
 * The elements that stand side by side in `bytes`, one level deep.
 *
 * @param {Bytes} bytes
 */
function elements(bytes) {
  /** @type {Element[]} */
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const head = headOf(bytes, at);
    const manyByteTag = (bytes[at] & 0x1f) === 0x1f;
    if (found.length === limits.children || !head || head.end > bytes.length || manyByteTag) throw damaged();
    found.push({ tag: bytes[at], content: bytes.subarray(head.begin, head.end) });
    at = head.end;
  }
  return found;
}

/**
 * What stands in a sequence, having checked that it begins with elements of these tags.
 *
 * @param {Element} element
 * @param {number[]} tags
 */
export function children(element, ...tags) {
  if (element.tag !== SEQUENCE) throw damaged();
  const found = elements(element.content);
  if (tags.some((tag, at) => found[at]?.tag !== tag)) throw damaged();
  return found;
}

/**
 * The one element that `bytes` consist of, from first byte to last.
 *
 * @param {Bytes} bytes
 */
export function only(bytes) {
  const found = elements(bytes);
  if (found.length !== 1) throw damaged();
  return found[0];
}

/**
 * The bytes of an INTEGER that is not negative, without the sign: one at least, in the shortest form.
 *
 * @param {Element} element
 */
export function magnitude({ tag, content }) {
  if (tag !== INTEGER || content.length === 0 || content[0] & 0x80) throw damaged();
  if (content.length === 1 || content[0] !== 0) return content;
  if (!(content[1] & 0x80)) throw damaged();
  return content.subarray(1);
}

/**
 * How many bits a big-endian number has.
 *
 * @param {Bytes} digits
 */
export const bitLength = (digits) => (digits.length - 1) * 8 + (32 - Math.clz32(digits[0]));

/**
 * A big-endian number of up to six bytes; null for a longer one.
 *
 * @param {Bytes} digits
 */
export const smallNumber = (digits) => (digits.length > 6 ? null : asNumber(digits));

/**
 * What is in a BIT STRING of whole bytes.
 *
 * @param {Element} element
 */
export function wholeBytes({ tag, content }) {
  if (tag !== BIT_STRING || content[0] !== 0) throw damaged();
  return content.subarray(1);
}

/**
 * An OBJECT IDENTIFIER in dots: "1.2.840.113549.1.1.1".
 *
 * @param {Element} element
 */
export function dotted({ tag, content }) {
  if (tag !== OID || content.length < 1 || content.length > LONGEST_OID || content[content.length - 1] & 0x80) throw damaged();
  const arcs = [];
  let arc = 0;
  let length = 0;
  for (const byte of content) {
    length += 1;
    if (length > LONGEST_ARC || (length === 1 && byte === 0x80)) throw damaged();
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
      length = 0;
    }
  }
  const first = Math.min(2, Math.floor(arcs[0] / 40));
  return [first, arcs[0] - 40 * first, ...arcs.slice(1)].join(".");
}

/* ---- writing ---- */

/**
 * The bytes of a number, none for 0.
 *
 * @param {number} value
 */
function bigEndian(value) {
  const bytes = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

/**
 * One element from its tag and the parts of its content.
 *
 * @param {number} tag
 * @param {ArrayLike<number>[]} parts
 */
export function write(tag, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = bigEndian(length);
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

/** @param {ArrayLike<number>[]} parts */
export const sequence = (...parts) => write(SEQUENCE, ...parts);
/** @param {Uint8Array} bytes */
export const octets = (bytes) => write(OCTETS, bytes);
export const nothing = () => write(NULL);

/**
 * A bit string of whole bytes.
 *
 * @param {Uint8Array} bytes
 */
export const bits = (bytes) => write(BIT_STRING, [0], bytes);

/**
 * A non-negative integer, from a number or from big-endian bytes.
 *
 * @param {number | Bytes} value
 */
export function integer(value) {
  const bytes = typeof value === "number" ? bigEndian(value) : value;
  const sign = bytes.length === 0 || bytes[0] >= 0x80 ? [0] : [];
  return write(INTEGER, sign, bytes);
}

/**
 * An object identifier from its dotted form.
 *
 * @param {string} text
 */
export function oid(text) {
  const [first, second, ...rest] = text.split(".").map(Number);
  const content = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(128 + (left % 128));
    content.push(...groups);
  }
  return write(OID, content);
}
