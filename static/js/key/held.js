/*
 * The one place where a private key lives while a person walks through the steps.
 *
 * May: hold ONE non-extractable signing key in this module's closure, sign with it, forget it.
 * May not: give the key out, copy it anywhere (no localStorage, sessionStorage, IndexedDB, cookie, cache, worker, window
 *          property), touch the page, or send anything. A key that a browser stores lies on the disk in plain, "non-extractable" or not.
 *
 * The key survives steps that swap in the same document, and Back and Forward among them. It is gone after a reload, in
 * another tab, when the page is left, and when the person says so. That is the design: the saved file is the key.
 */

/**
 * What may be known of a key: `bits`, the `base64` line and the `fingerprint` of its public half, `file` the bytes of rsa_key.pub.
 *
 * @typedef {{ bits: number, base64: string, fingerprint: string, file: import("./base64.js").Bytes }} PublicKey
 * @typedef {Readonly<PublicKey & { saved: boolean }>} Held  saved: whether the person has the private key in a file
 */

/** @type {CryptoKey | null} */
let signer = null;
/** @type {Held | null} */
let facts = null;
/** @type {Set<(held: Held | null) => void>} */
const watchers = new Set();

function tell() {
  for (const watcher of Array.from(watchers)) watcher(facts);
}

/**
 * Hold a key from now on, instead of the one before.
 *
 * @param {CryptoKey} key     must be unable to be exported
 * @param {{ publicKey: PublicKey, saved: boolean }} known  the public half, and whether the person has it in a file
 */
export function hold(key, { publicKey, saved }) {
  if (key.type !== "private" || key.extractable || !key.usages.includes("sign")) throw new TypeError("only a signing key that cannot be exported");
  signer = key;
  facts = Object.freeze({ ...publicKey, saved: Boolean(saved) });
  tell();
}

/** What may be known of the held key, or null. */
export const heldKey = () => facts;

/** The person has the file now. */
export function markSaved() {
  if (!facts || facts.saved) return;
  facts = Object.freeze({ ...facts, saved: true });
  tell();
}

/**
 * Sign bytes with the held key (RSASSA-PKCS1-v1_5, SHA-256). Throws when none is held.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function signWithHeld(bytes) {
  if (!signer) throw new Error("no key is held");
  return new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", signer, bytes));
}

export function forget() {
  if (!signer) return;
  signer = null;
  facts = null;
  tell();
}

/**
 * Call `watcher` with heldKey() after every change; returns how to stop.
 *
 * @param {(held: Held | null) => void} watcher
 */
export function onchange(watcher) {
  watchers.add(watcher);
  return () => { watchers.delete(watcher); };
}

// A document that is left may be kept by the browser, to be shown again on Back: not with a key in it.
addEventListener("pagehide", forget);
