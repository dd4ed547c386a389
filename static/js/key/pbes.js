/*
 * Passphrases on key files: PBES2 sealed and opened, PBES1 opened.
 *
 * May: turn a passphrase and a PKCS#8 key into a sealed one, and back, with WebCrypto (and des.js for what it lacks).
 * May not: keep a key or a passphrase, touch the page, or send anything.
 *
 * New files have one shape: PBKDF2-HMAC-SHA256 with 600,000 rounds, AES-256-CBC. Every client that was tried opens it.
 * A wrong passphrase shows as padding out of order. Once in 256 tries the padding is in order by luck: whoever
 * calls open() must read what comes out before believing it.
 */

import * as der from "./der.js";
import { openTripleDes } from "./des.js";
import { KeyProblem } from "./problem.js";

export const ROUNDS = 600_000;
export const MOST_ROUNDS = 10_000_000;
const MOST_PBES1_ROUNDS = 200_000; // each is three calls into WebCrypto, some fifteen seconds at this number; files have 2048
const MOST_SALT = 1024;
const MOST_SEALED = 16 * 1024;

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
const SHA1_3DES = "1.2.840.113549.1.12.1.3";
const HMAC_SHA256 = "1.2.840.113549.2.9";
const AES_256 = "2.16.840.1.101.3.4.1.42";
const TRIPLE_DES = "1.2.840.113549.3.7";

const HASHES = {
  "1.2.840.113549.2.7": "SHA-1",
  [HMAC_SHA256]: "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};
const CIPHERS = {
  "2.16.840.1.101.3.4.1.2": { name: "AES-128-CBC", key: 16, vector: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "AES-192-CBC", key: 24, vector: 16 },
  [AES_256]: { name: "AES-256-CBC", key: 32, vector: 16 },
  [TRIPLE_DES]: { name: "3DES", key: 24, vector: 8 },
};
/** What we know by name and cannot open. */
const NAMES = {
  "1.2.840.113549.2.8": "HMAC-SHA-224",
  "1.2.840.113549.2.12": "HMAC-SHA-512/224",
  "1.2.840.113549.2.13": "HMAC-SHA-512/256",
  "1.2.840.113549.1.5.1": "PBE-MD2-DES",
  "1.2.840.113549.1.5.3": "PBE-MD5-DES",
  "1.2.840.113549.1.5.4": "PBE-MD2-RC2-64",
  "1.2.840.113549.1.5.6": "PBE-MD5-RC2-64",
  "1.2.840.113549.1.5.10": "PBE-SHA1-DES",
  "1.2.840.113549.1.5.11": "PBE-SHA1-RC2-64",
  "1.2.840.113549.1.12.1.1": "PBE-SHA1-RC4-128",
  "1.2.840.113549.1.12.1.2": "PBE-SHA1-RC4-40",
  "1.2.840.113549.1.12.1.4": "PBE-SHA1-2DES",
  "1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
  "1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
  "1.2.840.113549.3.2": "RC2-CBC",
  "1.3.14.3.2.7": "DES-CBC",
  "2.16.840.1.101.3.4.1.6": "AES-128-GCM",
  "2.16.840.1.101.3.4.1.46": "AES-256-GCM",
};

const unopenable = (id) =>
  id === SCRYPT ? new KeyProblem("cipher-scrypt") : new KeyProblem("cipher-not-opened", { cipher: NAMES[id] ?? `object identifier ${id}` });
const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/* ---- sealing ---- */

/** EncryptedPrivateKeyInfo around `pkcs8`. The passphrase is taken as UTF-8. */
export async function seal(pkcs8, passphrase) {
  const salt = random(16);
  const vector = random(16);
  const secret = await stretch(passphrase, salt, ROUNDS, "SHA-256", 32);
  try {
    const key = await crypto.subtle.importKey("raw", secret, "AES-CBC", false, ["encrypt"]);
    const sealed = await crypto.subtle.encrypt({ name: "AES-CBC", iv: vector }, key, pkcs8);
    const derivation = der.sequence(
      der.objectId(PBKDF2),
      der.sequence(der.octets(salt), der.integer(ROUNDS), der.sequence(der.objectId(HMAC_SHA256), der.nothing())),
    );
    const cipher = der.sequence(der.objectId(AES_256), der.octets(vector));
    const scheme = der.sequence(der.objectId(PBES2), der.sequence(derivation, cipher));
    return der.sequence(scheme, der.octets(new Uint8Array(sealed)));
  } finally {
    secret.fill(0);
  }
}

async function stretch(passphrase, salt, iterations, hash, length) {
  const bytes = new TextEncoder().encode(passphrase);
  try {
    const base = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", salt, iterations, hash }, base, length * 8));
  } finally {
    bytes.fill(0);
  }
}

/* ---- opening ---- */

/**
 * Read how a key is sealed, without opening it, so that a file we cannot open is named before a passphrase is asked for.
 *
 * @returns {{form: string, cipher: string, open: (passphrase: string) => Promise<Uint8Array|null>}}
 *          `form`: "pbes2" or "pbes1". open() gives the PKCS#8 bytes, or null when the padding is out of order.
 * Throws KeyProblem for what cannot be opened here and for derivations beyond the limits, DerError for a damaged shape.
 */
export function readSealed(bytes) {
  const [scheme, box] = der.children(der.onlyNode(bytes, der.SEQUENCE).body);
  const [id, parameters] = der.children(der.expect(scheme, der.SEQUENCE).body);
  const sealed = der.expect(box, der.OCTET_STRING).body;
  if (sealed.length > MOST_SEALED) throw new KeyProblem("sealed-too-long");
  const form = der.dotted(id);
  if (form === PBES2) return readPbes2(parameters, sealed);
  if (form === SHA1_3DES) return readPbes1(parameters, sealed);
  throw unopenable(form);
}

function saltAndRounds(salt, rounds, limit) {
  const bytes = der.expect(salt, der.OCTET_STRING).body;
  if (bytes.length > MOST_SALT) throw new KeyProblem("sealed-too-long");
  const count = der.smallNumber(rounds);
  if (count < 1) throw new der.DerError("no rounds at all");
  if (count > limit) throw new KeyProblem("too-many-rounds", {
      rounds: count < 1e15 ? count.toLocaleString("en") : "an absurd number of",
      limit: limit.toLocaleString("en"),
    });
  return [bytes, count];
}

function readPbes2(parameters, sealed) {
  const [derivation, encryption] = der.children(der.expect(parameters, der.SEQUENCE).body);
  const [deriver, settings] = der.children(der.expect(derivation, der.SEQUENCE).body);
  if (der.dotted(deriver) !== PBKDF2) throw unopenable(der.dotted(deriver));

  const [salt, count, ...rest] = der.children(der.expect(settings, der.SEQUENCE).body);
  const [saltBytes, rounds] = saltAndRounds(salt, count, MOST_ROUNDS);
  const stated = rest[0]?.tag === der.INTEGER ? der.smallNumber(rest.shift()) : 0;
  // A file that names no function means HMAC-SHA-1, which is what OpenSSL 1.0 wrote.
  const prf = rest.length ? der.dotted(der.children(der.expect(rest[0], der.SEQUENCE).body)[0]) : "1.2.840.113549.2.7";
  if (!HASHES[prf]) throw unopenable(prf);

  const [cipherId, vectorNode] = der.children(der.expect(encryption, der.SEQUENCE).body);
  const cipher = CIPHERS[der.dotted(cipherId)];
  if (!cipher) throw unopenable(der.dotted(cipherId));
  const vector = der.expect(vectorNode, der.OCTET_STRING).body;
  checkBlocks(cipher, vector, sealed);
  if (stated && stated !== cipher.key) throw new der.DerError("a key length that is not the cipher's");

  return {
    form: "pbes2",
    cipher: cipher.name,
    async open(passphrase) {
      const secret = await stretch(passphrase, saltBytes, rounds, HASHES[prf], cipher.key);
      try {
        return cipher.name === "3DES" ? openTripleDes(secret, vector, sealed) : await openAes(cipher, secret, vector, sealed);
      } finally {
        secret.fill(0);
      }
    },
  };
}

function checkBlocks(cipher, vector, sealed) {
  if (vector.length !== cipher.vector) throw new der.DerError("a starting block of the wrong length");
  if (sealed.length === 0 || sealed.length % cipher.vector) throw new KeyProblem("key-truncated-sealed");
}

async function openAes(cipher, secret, vector, sealed) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", secret, "AES-CBC", false, ["decrypt"]);
  } catch {
    throw new KeyProblem("cipher-not-in-browser", { cipher: cipher.name }); // Chromium has no AES-192
  }
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: vector }, key, sealed));
  } catch {
    return null;
  }
}

/** Whether this browser has AES with keys of `bytes` bytes (Chromium lacks 24). */
export async function hasAes(bytes) {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(bytes), "AES-CBC", false, ["decrypt"]);
    return true;
  } catch {
    return false;
  }
}

function readPbes1(parameters, sealed) {
  const [salt, count] = der.children(der.expect(parameters, der.SEQUENCE).body);
  const [saltBytes, rounds] = saltAndRounds(salt, count, MOST_PBES1_ROUNDS);
  checkBlocks({ vector: 8 }, new Uint8Array(8), sealed);
  return {
    form: "pbes1",
    cipher: "PBE-SHA1-3DES",
    async open(passphrase) {
      const secret = await pkcs12Bytes(1, passphrase, saltBytes, rounds, 24);
      const vector = await pkcs12Bytes(2, passphrase, saltBytes, rounds, 8);
      try {
        return openTripleDes(secret, vector, sealed);
      } finally {
        secret.fill(0);
      }
    },
  };
}

// Chromium answers small digests so fast that thousands of them become one task, in which the page stands still.
const ROUNDS_AT_ONCE = 512;
const breath = () => new Promise((resolve) => setTimeout(resolve));

/**
 * The derivation of PKCS#12 (RFC 7292, appendix B.2) with SHA-1: `purpose` 1 gives a key, 2 a starting block.
 * The passphrase goes in as UTF-16, high byte first, with a zero at its end.
 */
async function pkcs12Bytes(purpose, passphrase, salt, rounds, length) {
  const BLOCK = 64;
  const units = [...Array.from({ length: passphrase.length }, (_, at) => passphrase.charCodeAt(at)), 0];
  const repeat = (bytes) => Array.from({ length: Math.ceil(bytes.length / BLOCK) * BLOCK }, (_, at) => bytes[at % bytes.length]);
  const mixed = Uint8Array.from([...repeat(salt), ...repeat(units.flatMap((unit) => [unit >> 8, unit & 0xff]))]);
  const made = [];
  while (made.length < length) {
    let digest = new Uint8Array([...new Array(BLOCK).fill(purpose), ...mixed]);
    for (let round = 0; round < rounds; round += 1) {
      digest = new Uint8Array(await crypto.subtle.digest("SHA-1", digest));
      if (round % ROUNDS_AT_ONCE === 0) await breath();
    }
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
  return Uint8Array.from(made.slice(0, length));
}
