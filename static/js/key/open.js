/*
 * Opening a key file that the person chose.
 *
 * May: read the file's bytes, undo its encryption with the passphrase, prove that the key is whole, hand back a signer.
 * May not: keep anything, store anything, touch the page, or send anything.
 *
 * Nothing is derived from a passphrase before the file is known to hold one key of a kind that is opened here, within
 * the limits. Every failure is a KeyProblem. Bytes of the opened key are overwritten with zeros before this returns.
 */

import { importSigner, importVerifier, writeFile } from "./make.js";
import { spellings } from "./passphrase.js";
import { readSealed, unseal } from "./pbes.js";
import { isPrivate, readBlocks } from "./pem.js";
import { KeyProblem } from "./problem.js";
import { describePublic } from "./public.js";
import { agree, identify, publicInfo, readPrivate, readPublic, readSshPublic, wrap } from "./rsa.js";
import { load, tables } from "./specification.js";

/**
 * What is said of an opened key. `form`: "pkcs8", "pkcs8-pbes2", "pkcs8-pbes1", "pkcs1" or "pkcs1-sealed"; `notes`: codes
 * of what was mended, and of what will trouble other tools; `used`: the passphrase that fitted, "" for none.
 *
 * @import { Bytes } from "./base64.js"
 * @import { Block } from "./pem.js"
 * @typedef {{ signer: CryptoKey, publicKey: import("./held.js").PublicKey, form: string, notes: string[] }} Opened
 * @typedef {{ key: Bytes, form: string, used: string, notes: string[] }} OpenedBlock  with a copy of the key's bytes
 */

/**
 * @param {Bytes} bytes        the file
 * @param {string} passphrase  "" for none
 * @returns {Promise<Opened>}
 */
export const openKey = (bytes, passphrase) =>
  withKey(bytes, passphrase, ({ signer, publicKey, form, notes }) => ({ signer, publicKey, form, notes }));

/**
 * The same key as a new rsa_key.p8 in today's form, under the same passphrase (plain if it was plain): its bytes.
 *
 * @param {Bytes} bytes
 * @param {string} passphrase
 */
export const rewriteKey = (bytes, passphrase) =>
  withKey(bytes, passphrase, ({ pkcs8, used }) => writeFile(pkcs8, used));

/**
 * Whether a file is sealed with a passphrase, so that the page knows whether to ask. Throws as openKey() does.
 *
 * @param {Bytes} bytes
 */
export async function isSealed(bytes) {
  await load();
  const { block } = chooseBlock(bytes);
  if (block.kind === "pkcs8-sealed") readSealed(block.der);
  return block.kind.endsWith("-sealed");
}

/**
 * @template Result
 * @param {Bytes} bytes
 * @param {string} passphrase
 * @param {(key: Opened & { pkcs8: Bytes, used: string }) => Result | Promise<Result>} use
 */
async function withKey(bytes, passphrase, use) {
  await load();
  const { block, companions, notes } = chooseBlock(bytes);
  const opened = await openBlock(block, passphrase);
  let pkcs8;
  try {
    const key = readPrivate(opened.key);
    pkcs8 = wrap(key.pkcs1);
    const signer = await usable(key, pkcs8);
    if (!companions.every((companion) => isPair(companion, key))) throw new KeyProblem("key-companion");
    const found = [...notes, ...opened.notes, ...(companions.length ? ["public-beside-private"] : [])];
    const publicKey = await describePublic(key);
    return await use({ signer, publicKey, pkcs8, form: opened.form, used: opened.used, notes: [...new Set(found)] });
  } finally {
    pkcs8?.fill(0);
    opened.key.fill(0);
  }
}

/**
 * The one private key among what was found, the public ones beside it, and codes of notes.
 *
 * @param {Bytes} bytes
 */
function chooseBlock(bytes) {
  const blocks = blocksOf(bytes);
  const [block, ...more] = blocks.filter(isPrivate);
  const companions = blocks.filter((other) => !isPrivate(other));
  if (!block) throw new KeyProblem(tables.no_private_key[blocks[0].kind] ?? "key-is-public");
  if (!more.every((other) => same(other.der, block.der))) throw new KeyProblem("key-several");
  const notes = [...blocks[0].repairs, ...block.repairs];
  return { block, companions, notes: more.length ? [...notes, "twice"] : notes };
}

/** @param {Bytes} bytes */
function blocksOf(bytes) {
  try {
    return readBlocks(bytes);
  } catch (problem) {
    // Of whatever kind a public key is: it isn't what belongs here.
    throw problem instanceof KeyProblem && problem.code === "public-not-rsa" ? new KeyProblem("key-is-public") : problem;
  }
}

/** @type {(one: Bytes, other: Bytes) => boolean} */
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** @type {(companion: Block, key: import("./rsa.js").Numbers) => boolean} */
function isPair({ kind, der }, key) {
  try {
    return same(publicInfo(kind === "ssh-public" ? readSshPublic(der) : readPublic(der)), publicInfo(key));
  } catch (problem) {
    if (problem instanceof KeyProblem && problem.code.startsWith("public-")) return false; // of another kind or size
    throw problem;
  }
}

/** @type {(block: Block, passphrase: string) => Promise<OpenedBlock>} */
async function openBlock(block, passphrase) {
  if (block.sealed) {
    const { key, used, notes } = await unsealed(block.sealed, passphrase, "pkcs1");
    return { key, form: "pkcs1-sealed", used, notes: [...notes, "pkcs1-sealed"] };
  }
  if (block.kind === "pkcs8-sealed") {
    const sealed = readSealed(block.der);
    const { key, used, notes } = await unsealed(sealed, passphrase, "pkcs8");
    if (sealed.derivation !== "pbkdf2") return { key, form: "pkcs8-pbes1", used, notes: [...notes, "pbes1"] };
    if (sealed.cipher === "des-ede3-cbc") notes.push("triple-des");
    return { key, form: "pkcs8-pbes2", used, notes };
  }
  const notes = block.kind === "pkcs1" ? ["pkcs1"] : [];
  if (passphrase) notes.push("passphrase-unneeded");
  return { key: block.der.slice(), form: block.kind, used: "", notes };
}

/**
 * Decrypt `sealed` and see that a key of `kind` came out: only then was the passphrase right.
 *
 * @type {(sealed: import("./pbes.js").Sealed, typed: string, kind: string) => Promise<Omit<OpenedBlock, "form">>}
 */
async function unsealed(sealed, typed, kind) {
  // Some keys are encrypted with an empty passphrase, by scripts that meant none: tried when none was given.
  for (const used of spellings(typed, sealed.iterations)) {
    const key = await unseal(sealed, used);
    if (key && isKey(key, kind)) {
      return { key, used, notes: used && used === typed ? [] : [used ? "passphrase-trimmed" : "passphrase-blank"] };
    }
    key?.fill(0);
  }
  throw new KeyProblem(typed ? "passphrase-wrong" : "passphrase-missing");
}

/** @type {(key: Bytes, kind: string) => boolean} */
function isKey(key, kind) {
  try {
    return identify(key) === kind;
  } catch {
    return false;
  }
}

/**
 * The signer, once the numbers agree and it has signed something that the public half verifies.
 *
 * @param {import("./rsa.js").PrivateNumbers} key
 * @param {Bytes} pkcs8
 */
async function usable(key, pkcs8) {
  const name = "RSASSA-PKCS1-v1_5";
  const message = crypto.getRandomValues(new Uint8Array(32));
  try {
    if (agree(key)) {
      const signer = await importSigner(pkcs8);
      const signature = await crypto.subtle.sign(name, signer, message);
      if (await crypto.subtle.verify(name, await importVerifier(publicInfo(key)), signature, message)) return signer;
    }
  } catch {
    // The browser's own check of the numbers: it says no more than that they are wrong.
  }
  throw new KeyProblem("key-inconsistent");
}
