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

const RSA = "1.2.840.113549.1.1.1";
const OTHER_KINDS = {
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10045.2.1": "EC (elliptic curve)",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.113549.1.3.1": "DH",
  "1.3.101.110": "X25519",
  "1.3.101.111": "X448",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};
export const FEWEST_BITS = 2048; // Snowflake's own minimum
export const MOST_BITS = 8192; // what the wizard takes as a public key

const algorithm = () => der.sequence(der.objectId(RSA), der.nothing());

/** PKCS#1 inside a fresh PKCS#8: no attributes, whatever the file had. */
export const wrap = (pkcs1) => der.sequence(der.integer(0), algorithm(), der.octets(pkcs1));

/** SubjectPublicKeyInfo of a modulus and an exponent, both big-endian bytes. This is what a fingerprint is taken of. */
export const publicInfo = (modulus, exponent) =>
  der.sequence(algorithm(), der.bits(der.sequence(der.integer(modulus), der.integer(exponent))));

/** How many bits a big-endian number has. */
export const bitLength = (bytes) => (bytes.length - 1) * 8 + (32 - Math.clz32(bytes[0]));

/** What an algorithm's object identifier is called, for the sentence that refuses it. */
export const kindOf = (dotted) => OTHER_KINDS[dotted] ?? `object identifier ${dotted}`;

/** The PKCS#1 bytes inside PKCS#8. Throws KeyProblem for a key that is not RSA, DerError for anything else. */
export function unwrap(pkcs8) {
  const [version, kind, key] = der.children(der.onlyNode(pkcs8, der.SEQUENCE).body);
  if (!(der.smallNumber(version) <= 1)) throw new der.DerError("not a version of PKCS#8");
  const [id] = der.children(der.expect(kind, der.SEQUENCE).body);
  const dotted = der.dotted(id);
  if (dotted !== RSA) throw new KeyProblem("private-not-rsa", { kind: kindOf(dotted) });
  return der.expect(key, der.OCTET_STRING).body;
}

const asNumber = (bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);

/**
 * The public half of a PKCS#1 private key: { der, bits }.
 * Throws KeyProblem for what nobody takes and for numbers that do not belong together, DerError for another shape.
 */
export function publicHalf(pkcs1) {
  const parts = der.children(der.onlyNode(pkcs1, der.SEQUENCE).body);
  if (parts.length !== 9 || der.smallNumber(parts[0]) !== 0) throw new KeyProblem("key-many-primes");
  const [, modulus, exponent, ...secret] = parts.map(der.magnitude);
  const half = measured(modulus, exponent);
  if (!agree(...[modulus, exponent, ...secret].map(asNumber))) throw new KeyProblem("key-inconsistent");
  return half;
}

/** Whether the eight numbers are those of one key. That the primes are prime, a signature shows (see open.js). */
function agree(n, e, d, p, q, dp, dq, qi) {
  return (
    p * q === n && p > 1n && q > 1n && n % 2n === 1n && d > 1n && d < n &&
    (e * d) % (p - 1n) === 1n && (e * d) % (q - 1n) === 1n &&
    dp === d % (p - 1n) && dq === d % (q - 1n) && qi < p && (qi * q) % p === 1n
  );
}

function measured(modulus, exponent) {
  const bits = bitLength(modulus);
  if (bits < FEWEST_BITS) throw new KeyProblem("private-too-short", { bits });
  if (bits > MOST_BITS) throw new KeyProblem("private-too-long", { bits });
  if (exponent.length > 5 || asNumber(exponent) < 3n || asNumber(exponent) > 2n ** 32n || exponent.at(-1) % 2 === 0) throw new KeyProblem("key-exponent");
  return { der: publicInfo(modulus, exponent), bits };
}

/** SubjectPublicKeyInfo out of what holds a public RSA key: "spki", "pkcs1-public", "certificate" or "csr". DerError for others. */
export function publicInside(kind, bytes) {
  let top = der.onlyNode(bytes, der.SEQUENCE);
  if (kind === "certificate" || kind === "csr") {
    const body = der.children(der.expect(der.children(top.body)[0], der.SEQUENCE).body);
    top = der.expect(body[kind === "csr" ? 2 : body[0].tag === 0xa0 ? 6 : 5], der.SEQUENCE);
  }
  if (kind !== "pkcs1-public") {
    const bits = der.expect(der.children(top.body)[1], der.BIT_STRING).body;
    top = der.onlyNode(bits.subarray(1), der.SEQUENCE);
  }
  const [modulus, exponent] = der.children(top.body).map(der.magnitude);
  return publicInfo(modulus, exponent);
}
