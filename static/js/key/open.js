/*
 * Opening a key file that the person chose.
 *
 * May: read the file's bytes, undo its encryption with the passphrase, prove that the key is whole, hand back a signer.
 * May not: keep anything, store anything, touch the page, or send anything.
 *
 * Nothing is derived from a passphrase before the file is known to hold one key of a kind that is opened here, within the
 * limits. Every failure is a KeyProblem. Bytes of the opened key are overwritten with zeros before this returns.
 */

import { DerError } from "./der.js";
import { describePublic } from "./fingerprint.js";
import { importSigner, importVerifier, writeFile } from "./make.js";
import { readSealed } from "./pbes.js";
import { readBlocks } from "./pem.js";
import { KeyProblem } from "./problem.js";
import { publicHalf, publicInside, unwrap, wrap } from "./rsa.js";

const MOST_PASSPHRASE = 1000;
const PRIVATE = new Set(["pkcs8", "pkcs8-sealed", "pkcs1", "pkcs1-sealed", "ec", "dsa"]);
const OTHERS = { certificate: "key-is-certificate", csr: "key-is-csr", "ssh-public": "key-is-ssh-public" };

/**
 * @param {Uint8Array} bytes   the file
 * @param {string} passphrase  "" for none
 * @returns {Promise<{signer: CryptoKey, publicKey: object, container: string, notes: string[]}>}
 *   `publicKey` as of describePublic(); `container`: "pkcs8", "pkcs8-pbes2", "pkcs8-pbes1" or "pkcs1";
 *   `notes`: codes of what was mended, and of what will trouble other tools
 */
export const openKey = (bytes, passphrase) =>
  withKey(bytes, passphrase, ({ signer, publicKey, container, notes }) => ({ signer, publicKey, container, notes }));

/** The same key as a new rsa_key.p8 in today's form, under the same passphrase (plain if it was plain): its bytes. */
export const rewriteKey = (bytes, passphrase) =>
  withKey(bytes, passphrase, ({ pkcs8, container, used }) => writeFile(pkcs8, container.includes("-pbes") ? used : ""));

/** Whether a file is sealed with a passphrase, so that the page knows whether to ask. Throws KeyProblem as openKey() does. */
export function isSealed(bytes) {
  return asProblem(() => {
    const { block } = chooseBlock(bytes);
    if (block.kind === "pkcs8-sealed") readSealed(block.der);
    return block.kind.endsWith("-sealed");
  });
}

/** Run `reading`; a shape that is not DER's becomes the problem that the person can do something about. */
function asProblem(reading) {
  try {
    return reading();
  } catch (error) {
    throw error instanceof DerError ? new KeyProblem("key-damaged") : error;
  }
}

async function withKey(bytes, passphrase, use) {
  if (passphrase.length > MOST_PASSPHRASE) throw new KeyProblem("passphrase-too-long");
  const { block, notes, companions } = asProblem(() => chooseBlock(bytes));
  const opened = await openBlock(block, passphrase);
  const { pkcs1 } = opened;
  const pkcs8 = wrap(pkcs1);
  try {
    const half = asProblem(() => publicHalf(pkcs1));
    const publicKey = await describePublic(half);
    const signer = await prove(pkcs8, half.der);
    for (const companion of companions) {
      if ((await describePublic({ der: companion, bits: half.bits })).fingerprint !== publicKey.fingerprint) throw new KeyProblem("key-companion");
    }
    const found = [...notes, ...opened.notes, ...(companions.length ? ["public-beside-private"] : [])];
    return await use({ signer, publicKey, pkcs8, container: opened.container, used: opened.used, notes: [...new Set(found)] });
  } finally {
    pkcs8.fill(0);
    pkcs1.fill(0);
  }
}

/** The one private key among what was found, and the public keys beside it. */
function chooseBlock(bytes) {
  const blocks = readBlocks(bytes);
  const privates = blocks.filter((block) => PRIVATE.has(block.kind));
  const publics = blocks.filter((block) => !PRIVATE.has(block.kind));
  if (!privates.length) throw new KeyProblem(OTHERS[blocks[0].kind] ?? "key-is-public");
  const [block, ...more] = privates;
  const same = (other) => other.der.length === block.der.length && other.der.every((byte, at) => byte === block.der[at]);
  if (!more.every(same)) throw new KeyProblem("key-several");
  if (block.kind === "ec" || block.kind === "dsa") throw new KeyProblem("private-not-rsa", { kind: block.kind === "ec" ? "EC (elliptic curve)" : "DSA" });
  // The cipher of a Proc-Type file starts from MD5, which WebCrypto does not have.
  if (block.kind === "pkcs1-sealed") throw new KeyProblem("cipher-not-opened", { cipher: "Proc-Type: 4,ENCRYPTED" });
  const companions = publics.filter((other) => other.kind !== "ssh-public").map((other) => publicInside(other.kind, other.der));
  const notes = [...new Set([...blocks[0].repairs, ...block.repairs])];
  if (more.length) notes.push("twice");
  return { block, companions, notes };
}

/** { pkcs1, container, used (the passphrase that fitted), notes } */
async function openBlock(block, passphrase) {
  const unneeded = passphrase ? ["passphrase-unneeded"] : [];
  if (block.kind === "pkcs1") return { pkcs1: block.der.slice(), container: "pkcs1", used: "", notes: ["pkcs1", ...unneeded] };
  if (block.kind === "pkcs8") return { pkcs1: asProblem(() => unwrap(block.der)).slice(), container: "pkcs8", used: "", notes: unneeded };

  const sealed = asProblem(() => readSealed(block.der));
  const notes = sealed.form === "pbes1" ? ["pbes1"] : sealed.cipher === "3DES" ? ["triple-des"] : [];
  // Copied passphrases bring a space along, and some scripts that meant "none" sealed with an empty one.
  for (const used of new Set([passphrase, passphrase.trim()])) {
    const pkcs8 = await sealed.open(used);
    const pkcs1 = pkcs8 && insideOf(pkcs8);
    pkcs8?.fill(0);
    if (!pkcs1) continue;
    if (!used) notes.unshift("passphrase-blank");
    else if (used !== passphrase) notes.unshift("passphrase-trimmed");
    return { pkcs1, container: `pkcs8-${sealed.form}`, used, notes };
  }
  throw new KeyProblem(passphrase ? "passphrase-wrong" : "passphrase-missing");
}

/** A copy of the PKCS#1 bytes, or null where a wrong passphrase left padding that looks right and nothing behind it. */
function insideOf(pkcs8) {
  try {
    return unwrap(pkcs8).slice();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The signer, once it has signed something that the public half verifies. */
async function prove(pkcs8, publicDer) {
  const name = "RSASSA-PKCS1-v1_5";
  const message = crypto.getRandomValues(new Uint8Array(32));
  try {
    const signer = await importSigner(pkcs8);
    const signature = await crypto.subtle.sign(name, signer, message);
    if (await crypto.subtle.verify(name, await importVerifier(publicDer), signature, message)) return signer;
  } catch {
    // The browser's own check of the numbers: it says no more than that they are wrong.
  }
  throw new KeyProblem("key-inconsistent");
}
