/*
 * The public key as Snowflake knows it: its base64 line, its PEM, its fingerprint.
 *
 * May: hash and encode PUBLIC bytes.
 * May not: see a private key, touch the page, or send anything.
 */

import { toBase64 } from "./base64.js";
import { armour } from "./pem.js";
import { publicInfo } from "./rsa.js";

/**
 * "SHA256:" and the base64 of SHA-256 over SubjectPublicKeyInfo, as RSA_PUBLIC_KEY_FP shows it.
 *
 * @param {import("./base64.js").Bytes} der
 */
async function fingerprintOf(der) {
  return `SHA256:${toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", der)))}`;
}

/**
 * Everything public about a key, frozen.
 *
 * @param {import("./rsa.js").Measured} numbers
 * @returns {Promise<Readonly<import("./held.js").PublicKey>>}
 */
export async function describePublic({ modulus, exponent, bits }) {
  const der = publicInfo({ modulus, exponent });
  const file = armour("PUBLIC KEY", der);
  return Object.freeze({ bits, base64: toBase64(der), fingerprint: await fingerprintOf(der), file });
}
