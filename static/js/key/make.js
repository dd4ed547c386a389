/*
 * Making a key pair.
 *
 * May: have WebCrypto make an RSA key, write it as the bytes of rsa_key.p8, and hand back a signer that gives nothing away.
 * May not: keep anything, store anything, touch the page, or send anything.
 *
 * The key can be exported for exactly as long as writing the file takes. Then its bytes are overwritten with zeros, and
 * what is left is a CryptoKey that signs and cannot be exported. (The browser may have copies of its own that no script reaches.)
 */

import { seal } from "./pbes.js";
import { armour } from "./pem.js";
import { describePublic } from "./public.js";
import { readPrivate } from "./rsa.js";
import { load, tables } from "./specification.js";

/** @import { Bytes } from "./base64.js" */

const SIGNATURE = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/**
 * @param {number} bits        one of the sizes of the specification
 * @param {string} passphrase  "" writes the file unprotected
 * @returns {Promise<{signer: CryptoKey, publicKey: import("./held.js").PublicKey, file: Bytes}>}
 *          `file` the bytes of rsa_key.p8. Overwrite `file` when it has been saved.
 */
export async function makeKey(bits, passphrase) {
  await load();
  if (!tables.writing.sizes.includes(bits)) throw new RangeError("a size the wizard does not make");
  const pair = await crypto.subtle.generateKey(
    { ...SIGNATURE, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  try {
    return {
      signer: await importSigner(pkcs8),
      publicKey: await describePublic(readPrivate(pkcs8)),
      file: await writeFile(pkcs8, passphrase),
    };
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * The bytes of rsa_key.p8 for a PKCS#8 key: sealed with the passphrase, or plain when there is none.
 *
 * @param {Bytes} pkcs8
 * @param {string} passphrase
 */
export async function writeFile(pkcs8, passphrase) {
  return passphrase ? armour("ENCRYPTED PRIVATE KEY", await seal(pkcs8, passphrase)) : armour("PRIVATE KEY", pkcs8);
}

/**
 * A CryptoKey that signs with RS256 and cannot be exported.
 *
 * @param {Bytes} pkcs8
 */
export const importSigner = (pkcs8) => crypto.subtle.importKey("pkcs8", pkcs8, SIGNATURE, false, ["sign"]);

/**
 * A CryptoKey that verifies, of a public key's SubjectPublicKeyInfo.
 *
 * @param {Bytes} publicDer
 */
export const importVerifier = (publicDer) => crypto.subtle.importKey("spki", publicDer, SIGNATURE, false, ["verify"]);
