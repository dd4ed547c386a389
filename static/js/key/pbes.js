/*
 * Encrypted private keys: PBES2 sealed and opened, PBES1 and Proc-Type files opened.
 *
 * May: turn a passphrase and a PKCS#8 key into a sealed one, and back, with WebCrypto (and des.js and md5.js for what
 *      it lacks).
 * May not: keep a key or a passphrase, touch the page, or send anything.
 *
 * New files have one shape: PBKDF2-HMAC-SHA256 with 600,000 rounds, AES-256-CBC. Every client that was tried opens it.
 * A wrong passphrase shows as padding out of order. Once in 256 tries the padding is in order by luck: whoever
 * calls unseal() must read what comes out before believing it.
 */

import * as der from "./der.js";
import { openDes } from "./des.js";
import { md5 } from "./md5.js";
import { KeyProblem } from "./problem.js";
import { algorithm } from "./rsa.js";
import { limits, tables } from "./specification.js";

/**
 * What is needed to open a sealed key, with the names of the specification: `derivation` a row of DERIVATIONS, `digest`
 * and `cipher` what it works with, `data` the sealed bytes.
 *
 * @import { Bytes } from "./base64.js"
 * @typedef {{ digest: string, salt: Bytes, iterations: number }} Stretching
 * @typedef {Stretching & { derivation: string, cipher: string, iv: Bytes, data: Bytes }} Sealed
 * @typedef {[key: Bytes, iv: Bytes]} Derived
 */

const { INTEGER, OCTETS, OID, SEQUENCE, children, magnitude } = der;
const IV_BYTES = 16;

const damaged = () => new KeyProblem("key-damaged");
/** @param {number} count */
const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/* ---- reading the recipe ---- */

/**
 * The recipe of an EncryptedPrivateKeyInfo, so that a file we cannot open is named before a passphrase is asked for.
 *
 * @param {Bytes} key
 */
export function readSealed(key) {
  const [scheme, { content: data }] = children(der.only(key), SEQUENCE, OCTETS);
  if (data.length > limits.sealed_bytes) throw new KeyProblem("sealed-too-long");
  const [name, ...parameters] = children(scheme, OID);
  const identifier = der.dotted(name);
  const pbes1 = tables.pbes1_schemes[identifier];
  if (identifier !== tables.oids.pbes2 && !pbes1) throw notOpened(identifier);
  if (parameters.length !== 1) throw damaged();
  if (!pbes1) return readPbes2(parameters[0], data);
  const [salt, count] = children(parameters[0], OCTETS, INTEGER);
  const [derivation, digest, cipher] = pbes1;
  const iterations = readRounds(count, limits.pbes1_rounds);
  return checked({ derivation, digest, salt: salt.content, iterations, cipher, iv: new Uint8Array(), data });
}

/** @param {string} identifier */
const notOpened = (identifier) =>
  new KeyProblem("cipher-not-opened", { cipher: tables.not_opened[identifier] ?? `object identifier ${identifier}` });

/** @type {(parameters: der.Element, data: Bytes) => Sealed} */
function readPbes2(parameters, data) {
  const [derivation, encryption] = children(parameters, SEQUENCE, SEQUENCE);
  const [kdf, ...kdfParameters] = children(derivation, OID);
  if (der.dotted(kdf) === tables.oids.scrypt) throw new KeyProblem("cipher-scrypt");
  if (der.dotted(kdf) !== tables.oids.pbkdf2) throw notOpened(der.dotted(kdf));
  if (kdfParameters.length !== 1) throw damaged();
  const [salt, count, ...rest] = children(kdfParameters[0], OCTETS, INTEGER);
  const iterations = readRounds(count, limits.pbkdf2_rounds);
  const [cipherName, ...cipherParameters] = children(encryption, OID);
  const cipher = tables.pbes2_ciphers[der.dotted(cipherName)];
  if (!cipher) throw notOpened(der.dotted(cipherName));
  const [keyBytes] = tables.cipher_sizes[cipher];
  const length = rest[0]?.tag === INTEGER ? rest.shift() : undefined;
  if (length && der.smallNumber(magnitude(length)) !== keyBytes) throw damaged();
  const prf = rest.length ? algorithm(rest[0]) : tables.oids.hmac_sha1; // what an absent one means (RFC 8018, A.2)
  if (!tables.prfs[prf]) throw notOpened(prf);
  if (cipherParameters.length !== 1 || cipherParameters[0].tag !== OCTETS) throw damaged();
  const iv = cipherParameters[0].content;
  return checked({ derivation: "pbkdf2", digest: tables.prfs[prf], salt: salt.content, iterations, cipher, iv, data });
}

/** @type {(element: der.Element, limit: number) => number} */
function readRounds(element, limit) {
  const rounds = der.smallNumber(magnitude(element));
  if (rounds === 0) throw damaged();
  if (rounds !== null && rounds <= limit) return rounds;
  // The number itself may be thousands of digits long: said in full only where that is a help.
  const said = rounds === null ? "an absurd number of" : rounds.toLocaleString("en");
  throw new KeyProblem("too-many-rounds", { rounds: said, limit: limit.toLocaleString("en") });
}

/**
 * `sealed`, having checked what all recipes have in common: salt, initial value, whole blocks.
 *
 * @param {Sealed} sealed
 */
export function checked(sealed) {
  const { derivation, salt, cipher, iv, data } = sealed;
  const [, block] = tables.cipher_sizes[cipher];
  if (salt.length > limits.salt_bytes || data.length > limits.sealed_bytes) throw new KeyProblem("sealed-too-long");
  if ((derivation === "pbkdf2" || derivation === "openssl") && iv.length !== block) throw damaged();
  if (data.length === 0 || data.length % block) throw new KeyProblem("key-truncated-sealed");
  return sealed;
}

/* ---- sealing ---- */

/**
 * EncryptedPrivateKeyInfo around `pkcs8`. The passphrase is taken as UTF-8.
 *
 * @param {Bytes} pkcs8
 * @param {string} passphrase
 */
export async function seal(pkcs8, passphrase) {
  const { rounds, salt_bytes: saltBytes } = tables.writing;
  const salt = random(saltBytes);
  const iv = random(IV_BYTES);
  const bytes = new TextEncoder().encode(passphrase);
  const secret = await pbkdf2({ digest: "sha256", salt, iterations: rounds }, bytes, 32);
  try {
    const key = await crypto.subtle.importKey("raw", secret, "AES-CBC", false, ["encrypt"]);
    const data = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, pkcs8);
    const prf = der.sequence(der.oid(tables.oids.hmac_sha256), der.nothing());
    const settings = der.sequence(der.octets(salt), der.integer(rounds), prf);
    const derivation = der.sequence(der.oid(tables.oids.pbkdf2), settings);
    const cipher = der.sequence(der.oid(tables.oids.aes_256_cbc), der.octets(iv));
    const scheme = der.sequence(der.oid(tables.oids.pbes2), der.sequence(derivation, cipher));
    return der.sequence(scheme, der.octets(new Uint8Array(data)));
  } finally {
    secret.fill(0);
    bytes.fill(0);
  }
}

/* ---- opening ---- */

/**
 * What `sealed` holds, or null when `passphrase` does not open it.
 *
 * @param {Sealed} sealed
 * @param {string} passphrase
 */
export async function unseal(sealed, passphrase) {
  const [keyBytes] = tables.cipher_sizes[sealed.cipher];
  const bytes = new TextEncoder().encode(passphrase);
  const [key, iv] = await DERIVATIONS[sealed.derivation](sealed, bytes, keyBytes, passphrase);
  try {
    return sealed.cipher.startsWith("aes") ? await openAes(sealed, key, iv) : openDes(key, iv, sealed.data);
  } finally {
    key.fill(0);
    bytes.fill(0);
  }
}

/** @type {(sealed: Sealed, secret: Bytes, iv: Bytes) => Promise<Bytes | null>} */
async function openAes({ cipher, data }, secret, iv) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", secret, "AES-CBC", false, ["decrypt"]);
  } catch {
    throw new KeyProblem("cipher-not-in-browser", { cipher: cipher.toUpperCase() }); // Chromium has no AES-192
  }
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, data));
  } catch {
    return null;
  }
}

/** @param {string} digest */
const webName = (digest) => digest.replace("sha", "SHA-");

/** @type {(how: Stretching, passphrase: Bytes, keyBytes: number) => Promise<Bytes>} */
async function pbkdf2({ digest, salt, iterations }, passphrase, keyBytes) {
  const base = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
  const settings = { name: "PBKDF2", salt, iterations, hash: webName(digest) };
  try {
    return new Uint8Array(await crypto.subtle.deriveBits(settings, base, keyBytes * 8));
  } catch (problem) {
    if (!(problem instanceof Error && problem.name === "NotSupportedError")) throw problem;
    throw new KeyProblem("cipher-not-in-browser", { cipher: `HMAC-${webName(digest)}` }); // no WebCrypto has SHA-224
  }
}

/** @type {(name: string, bytes: Bytes) => Promise<Bytes>} */
const digestOf = async (name, bytes) =>
  name === "md5" ? md5(bytes) : new Uint8Array(await crypto.subtle.digest(webName(name), bytes));

// Small digests are answered so fast that thousands of them become one task, in which the page stands still.
const ROUNDS_AT_ONCE = 512;
const breath = () => new Promise((resolve) => setTimeout(resolve));

/** @type {(name: string, bytes: Bytes, rounds: number) => Promise<Bytes>} */
async function digestedAgain(name, bytes, rounds) {
  let digest = bytes;
  for (let round = 0; round < rounds; round += 1) {
    digest = await digestOf(name, digest);
    if (round % ROUNDS_AT_ONCE === ROUNDS_AT_ONCE - 1) await breath();
  }
  return digest;
}

/**
 * PBKDF1 (RFC 8018, 5.1), which PBES1 cuts into eight bytes of DES key and eight of initial value.
 *
 * @type {(how: Stretching, passphrase: Bytes, keyBytes: number) => Promise<Derived>}
 */
async function pbkdf1({ digest, salt, iterations }, passphrase, keyBytes) {
  const derived = await digestedAgain(digest, Uint8Array.of(...passphrase, ...salt), iterations);
  return [derived.slice(0, keyBytes), derived.slice(8, 16)];
}

/**
 * OpenSSL's EVP_BytesToKey with MD5 and one round, of PEM files with a Proc-Type header.
 *
 * @type {(sealed: Sealed, passphrase: Bytes, keyBytes: number) => Derived}
 */
function opensslKey({ salt, iv }, passphrase, keyBytes) {
  const derived = [];
  let last = new Uint8Array();
  while (derived.length < keyBytes) {
    last = md5(Uint8Array.of(...last, ...passphrase, ...salt));
    derived.push(...last);
  }
  return [Uint8Array.from(derived.slice(0, keyBytes)), iv];
}

/**
 * The derivation of PKCS#12 (RFC 7292, B.2) with SHA-1. The passphrase goes in as UTF-16 with a zero at its end.
 *
 * @type {(sealed: Sealed, _: Bytes, keyBytes: number, passphrase: string) => Promise<Derived>}
 */
async function pkcs12(sealed, _, keyBytes, passphrase) {
  const units = [...Array.from({ length: passphrase.length }, (_none, at) => passphrase.charCodeAt(at)), 0];
  const password = units.flatMap((unit) => [unit >> 8, unit & 0xff]);
  return [await pkcs12Bytes(sealed, password, 1, keyBytes), await pkcs12Bytes(sealed, password, 2, 8)];
}

/** @type {(how: Stretching, password: number[], purpose: number, wanted: number) => Promise<Bytes>} */
async function pkcs12Bytes({ salt, iterations }, password, purpose, wanted) {
  const BLOCK = 64; // of SHA-1, in bytes
  /** @param {number} length */
  const whole = (length) => Math.ceil(length / BLOCK) * BLOCK;
  /** @param {ArrayLike<number>} bytes */
  const repeated = (bytes) => Array.from({ length: whole(bytes.length) }, (_, at) => bytes[at % bytes.length]);
  const mixed = Uint8Array.from([...repeated(salt), ...repeated(password)]);
  const made = [];
  while (made.length < wanted) {
    const digest = await digestedAgain("sha1", Uint8Array.of(...Array.from({ length: BLOCK }, () => purpose), ...mixed), iterations);
    made.push(...digest);
    // Every block of the mixture grows by this digest (repeated to a block) and one, as a big-endian number.
    for (let start = 0; start < mixed.length; start += BLOCK) {
      let carry = 1;
      for (let at = BLOCK - 1; at >= 0; at -= 1) {
        carry += mixed[start + at] + digest[at % digest.length];
        mixed[start + at] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  mixed.fill(0);
  return Uint8Array.from(made.slice(0, wanted));
}

/** @type {Record<string, (sealed: Sealed, bytes: Bytes, keyBytes: number, passphrase: string) => Derived | Promise<Derived>>} */
const DERIVATIONS = {
  pbkdf2: async (sealed, passphrase, keyBytes) => [await pbkdf2(sealed, passphrase, keyBytes), sealed.iv],
  pbkdf1,
  pkcs12,
  openssl: opensslKey,
};
