/*
 * What stands inside an RSA key file once its armour and its cipher are off: PKCS#8, PKCS#1 and the public twin.
 *
 * May: read shapes and numbers out of DER, and wrap one shape in another.
 * May not: decrypt, sign, keep anything, touch the page, or send anything.
 *
 * The public key always comes from the numbers of the private one, never from something typed beside it.
 */

import * as der from "./der.js";
import { KeyProblem } from "./problem.js";
import { limits, tables } from "./specification.js";

/**
 * @import { Bytes } from "./base64.js"
 * @typedef {{ modulus: Bytes, exponent: Bytes }} Numbers  the public ones, as big-endian bytes
 * @typedef {Numbers & { bits: number }} Measured          with how many bits the modulus has, within the limits
 * @typedef {Measured & { pkcs1: Bytes, secret: Bytes[] }} PrivateNumbers
 * @typedef {"private" | "public"} Half
 */

const { BIT_STRING, INTEGER, OCTETS, OID, SEQUENCE, children, magnitude } = der;
const damaged = () => new KeyProblem("key-damaged");
const rsaAlgorithm = () => der.sequence(der.oid(tables.oids.rsa), der.nothing());

/* ---- writing ---- */

/**
 * PKCS#1 inside a fresh PKCS#8: no attributes, whatever the file had.
 *
 * @param {Bytes} pkcs1
 */
export const wrap = (pkcs1) => der.sequence(der.integer(0), rsaAlgorithm(), der.octets(pkcs1));

/**
 * SubjectPublicKeyInfo. This is what a fingerprint is taken of.
 *
 * @param {Numbers} numbers
 */
export const publicInfo = ({ modulus, exponent }) =>
  der.sequence(rsaAlgorithm(), der.bits(der.sequence(der.integer(modulus), der.integer(exponent))));

/* ---- reading ---- */

/** @param {der.Element[]} elements */
const tagsOf = (elements) => elements.map(({ tag }) => tag.toString(16).padStart(2, "0")).join("");

/**
 * What a DER document is, by its shape alone: labels lie, and bare base64 has none.
 *
 * @param {Bytes} key
 */
export function identify(key) {
  const parts = children(der.only(key));
  const shape = tagsOf(parts);
  /** @param {string} known */
  const fits = (known) => (known.endsWith("*") ? shape.startsWith(known.slice(0, -1)) : shape === known);
  const known = Object.keys(tables.shapes).find(fits);
  if (!known) throw new KeyProblem("key-unknown-shape");
  if (tables.shapes[known] !== "signed") return tables.shapes[known];
  const body = tagsOf(children(parts[0]));
  return body.startsWith("023030") && body.length <= 8 ? "csr" : "certificate";
}

/**
 * The object identifier of an AlgorithmIdentifier.
 *
 * @param {der.Element} element
 */
export const algorithm = (element) => der.dotted(children(element, OID)[0]);

/** @type {(identifier: string, half: Half) => void} */
function insistOnRsa(identifier, half) {
  if (identifier === tables.oids.rsa) return;
  throw new KeyProblem(`${half}-not-rsa`, { kind: tables.key_kinds[identifier] ?? `object identifier ${identifier}` });
}

/**
 * Modulus and exponent as big-endian bytes, having weighed both.
 *
 * @param {der.Element} n
 * @param {der.Element} e
 * @param {Half} half
 * @returns {Measured}
 */
function measured(n, e, half) {
  const modulus = magnitude(n);
  const exponent = magnitude(e);
  const bits = der.bitLength(modulus);
  const limit = limits[/** @type {const} */ (`${half}_bits`)];
  if (bits < limits.least_bits) throw new KeyProblem(`${half}-too-short`, { bits });
  if (bits > limit) throw new KeyProblem(`${half}-too-long`, { bits, limit });
  const value = (exponent.length < 6 && der.smallNumber(exponent)) || 0;
  if (value < 3 || value > limits.exponent || value % 2 === 0) throw new KeyProblem("key-exponent");
  return { modulus, exponent, bits };
}

/**
 * A plain PKCS#8 or PKCS#1 private key within the limits, in views of `key`: `pkcs1` the whole of that form and `secret`
 * the six numbers behind the public two.
 *
 * @param {Bytes} key
 * @returns {PrivateNumbers}
 */
export function readPrivate(key) {
  const kind = identify(key);
  let pkcs1 = key;
  if (kind === "pkcs8") {
    const [version, identifier, inner] = children(der.only(key), INTEGER, SEQUENCE, OCTETS);
    if (der.bitLength(magnitude(version)) > 1) throw damaged();
    insistOnRsa(algorithm(identifier), "private");
    if (identify(inner.content) !== "pkcs1") throw damaged();
    pkcs1 = inner.content;
  } else if (tables.shape_names[kind]) {
    throw new KeyProblem("private-not-rsa", { kind: tables.shape_names[kind] });
  } else if (kind !== "pkcs1") {
    throw damaged();
  }
  const [version, n, e, ...rest] = children(der.only(pkcs1), ...Array.from({ length: 9 }, () => INTEGER));
  if (der.bitLength(magnitude(version)) > 0 || rest.length !== 6) throw new KeyProblem("key-many-primes");
  const half = measured(n, e, "private");
  const secret = rest.map(magnitude);
  if (secret.some((digits) => digits.length > half.modulus.length)) throw damaged();
  return { pkcs1, ...half, secret };
}

/** @param {Bytes} bytes */
const asNumber = (bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);

/**
 * Whether the eight numbers are those of one key. That the primes are prime, a signature shows (see open.js).
 *
 * @param {PrivateNumbers} key
 */
export function agree({ modulus, exponent, secret }) {
  const [n, e, d, p, q, dp, dq, qi] = [modulus, exponent, ...secret].map(asNumber);
  return (
    p * q === n && p > 1n && q > 1n && n % 2n === 1n && d > 1n && d < n &&
    (e * d) % (p - 1n) === 1n && (e * d) % (q - 1n) === 1n &&
    dp === d % (p - 1n) && dq === d % (q - 1n) && qi < p && (qi * q) % p === 1n
  );
}

/**
 * The public numbers in a public key, certificate or certificate request.
 *
 * @param {Bytes} key
 */
export function readPublic(key) {
  const kind = identify(key);
  let top = der.only(key);
  if (kind === "certificate" || kind === "csr") {
    const body = children(children(top)[0]);
    // The version is left out of certificates of the first version.
    top = body[kind === "csr" ? 2 : body[0]?.tag === 0xa0 ? 6 : 5];
    if (!top) throw damaged();
  } else if (kind !== "spki" && kind !== "pkcs1-public") {
    throw damaged();
  }
  if (kind !== "pkcs1-public") {
    const [identifier, content] = children(top, SEQUENCE, BIT_STRING);
    insistOnRsa(algorithm(identifier), "public");
    top = der.only(der.wholeBytes(content));
  }
  const [modulus, exponent, ...more] = children(top, INTEGER, INTEGER);
  if (more.length) throw damaged();
  return measured(modulus, exponent, "public");
}

/**
 * The public numbers in an ssh-rsa key (RFC 4253, 6.6): three strings, each after its length.
 *
 * @param {Bytes} blob
 */
export function readSshPublic(blob) {
  const parts = [];
  let at = 0;
  while (at < blob.length && parts.length < 4) {
    const size = blob.subarray(at, at + 4).reduce((sum, byte) => sum * 256 + byte, 0);
    parts.push(blob.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  if (at !== blob.length || !parts.length) throw damaged();
  if (String.fromCharCode(...parts[0].subarray(0, 8)) !== "ssh-rsa") {
    throw new KeyProblem("public-not-rsa", { kind: "OpenSSH, not ssh-rsa" });
  }
  if (parts.length !== 3) throw damaged();
  const [exponent, modulus] = parts.slice(1).map((content) => ({ tag: INTEGER, content }));
  return measured(modulus, exponent, "public");
}
