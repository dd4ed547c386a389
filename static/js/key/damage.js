/*
 * What editors, forms, shells, mails and YAML do to the text of a key, and how it is undone.
 *
 * May: look at bytes and text, mend what has one possible meaning, say in a code what was mended or what was found.
 * May not: decrypt, keep anything, touch the page, or send anything.
 *
 * The same reading as wizard/snowflake/key/damage.py, function by function; a test puts thousands of generated files
 * through both. All of it takes time in proportion to the text.
 */

import { decode } from "./base64.js";
import { declaredLength } from "./der.js";
import { KeyProblem } from "./problem.js";
import { every, matches, patterns, replaced } from "./specification.js";

/* ---- plain text: loops, because "=+$" looks at every "=" of a long row of them again and again ---- */

/**
 * @import { Bytes } from "./base64.js"
 * @typedef {[text: string, repairs: string[]]} Mended
 */

const BLANK = " \t\n";

/** @type {(text: string, characters: string) => string} */
export function stripStart(text, characters) {
  let start = 0;
  while (start < text.length && characters.includes(text[start])) start += 1;
  return text.slice(start);
}

/** @type {(text: string, characters: string) => string} */
export function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** @type {(text: string, characters: string) => string} */
export const strip = (text, characters) => stripEnd(stripStart(text, characters), characters);
/** @param {string} digits */
export const withoutPadding = (digits) => stripEnd(digits, "=");
/** @param {string} text */
const words = (text) => text.split(/[ \t\n]/).filter(Boolean);
/** @param {string} text */
export const squeezed = (text) => words(text).join("");
/** @param {Bytes} bytes */
export const latin1 = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/* ---- from bytes to text ---- */

/**
 * The text of a file, whichever encoding Windows gave it, and the codes of what was mended.
 *
 * @param {Bytes} bytes
 * @returns {Mended}
 */
export function decodeText(bytes) {
  /** @type {(name: string) => Mended} */
  const utf16 = (name) => [clean(new TextDecoder(name).decode(bytes)), ["utf-16"]];
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16("utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16("utf-16be");
  const zeros = bytes.reduce((count, byte) => count + Number(byte === 0), 0);
  if (zeros * 3 > bytes.length && zeros * 2 <= bytes.length + 1) return utf16(bytes[0] === 0 ? "utf-16be" : "utf-16le");
  if (zeros) throw new KeyProblem("key-binary");
  const repairs = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? ["byte-order-mark"] : [];
  try {
    return [clean(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), repairs];
  } catch {
    // Only a comment beside the key can be in another encoding: a key itself is ASCII.
    const text = latin1(bytes);
    if (!text.includes("BEGIN")) throw new KeyProblem("key-binary");
    return [clean(text), repairs];
  }
}

/**
 * Even out line breaks and spaces, and drop what nobody can see. No white space is left but space, tab and newline.
 *
 * @param {string} text
 */
export function clean(text) {
  const even = replaced("space", replaced("line_break", text, "\n"), " ");
  return replaced("rare", replaced("unseen", even, ""), "\ufffd");
}

/* ---- escapes and wrappings ---- */

/** @type {(_: string, code: string) => string} */
const character = (_, code) => String.fromCharCode(parseInt(code, 16));

/**
 * Undo what JSON and shells do: "\n", "\u002b", "\/", with any number of backslashes.
 *
 * @param {string} text
 */
export function unescape(text) {
  const single = replaced("backslashes", text, "\\");
  return replaced("escaped_break", replaced("escaped_character", single, character), "\n").replaceAll("\\/", "/");
}

/**
 * A text that was encoded for a web address as it was before; null when it was not encoded.
 *
 * @param {string} text
 */
export const undoPercent = (text) =>
  matches("percent_encoded", text) ? clean(replaced("percent", text, percentDecoded)) : null;

/** @param {string} run */
function percentDecoded(run) {
  const bytes = Uint8Array.from(run.slice(1).split("%"), (two) => parseInt(two, 16));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/**
 * A text cut where characters stand that base64 doesn't have, and each piece cut into words.
 * An equals sign ends a word too: it pads base64 and assigns variables, and never stands inside either.
 *
 * @param {string} text
 */
export const pieces = (text) => replaced("assigned", unescape(text), " ").split(patterns.between_words).map(words);

/**
 * The PEM file that was base64-encoded as a whole (as Kubernetes and Airflow want it), or null.
 *
 * @param {string} text
 */
export function unwrap(text) {
  for (const piece of pieces(text)) {
    const start = piece.findIndex((word) => matches("pem_in_base64", word));
    if (start < 0) continue;
    const digits = fromUrl(withoutPadding(piece.slice(start).join("")));
    if (digits.includes("=")) return null;
    const bytes = decodeDigits(digits);
    try {
      const inner = clean(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      return inner.includes("BEGIN") ? inner : null;
    } catch {
      return null;
    }
  }
  return null;
}

/* ---- base64 ---- */

/**
 * Base64 of web addresses in the usual alphabet.
 *
 * @param {string} digits
 */
export const fromUrl = (digits) => digits.replaceAll("-", "+").replaceAll("_", "/");

/**
 * Decode the base64 between two markers.
 *
 * @param {string} body
 * @returns {[key: Bytes, repairs: string[]]}
 */
export function fromBase64(body) {
  const [digits, repairs] = digitsIn(body);
  const key = decodeDigits(withoutPadding(digits));
  if (digits.length % 4 && declaredLength(key) === key.length) repairs.push("padding-missing");
  return [key, repairs];
}

/**
 * The base64 digits in `body` after taking out what can't belong to them.
 *
 * @param {string} body
 * @returns {Mended}
 */
export function digitsIn(body) {
  const lines = unescape(body).split("\n").map((line) => replaced("line_prefix", line, ""));
  let text = replaced("never_base64", lines.filter((line) => !matches("header_line", line)).join(""), "");
  if (!text) throw new KeyProblem("key-empty-block");
  if (matches("shortened", text)) throw new KeyProblem("key-shortened");
  if ((text.length < 100 || matches("stranger_in_url", text)) && matches("placeholder", body)) {
    throw new KeyProblem("key-placeholder");
  }
  const repairs = [];
  if (text.includes("-") || text.includes("_")) {
    text = fromUrl(text);
    repairs.push("base64url");
  }
  const strangers = every("stranger", text).length;
  if (strangers) throw new KeyProblem("key-characters", { count: strangers });
  const whole = withoutEatenBreaks(text);
  if (whole !== null) {
    text = whole;
    repairs.push("newlines-escaped");
  }
  if (withoutPadding(text).includes("=")) throw new KeyProblem("key-damaged");
  return [text, repairs];
}

/**
 * The digits of a key in which a shell ate the backslashes of "\n" or "\r\n", or null.
 * An "n" (or "rn") then stands before each line of 64 characters, and behind the last.
 *
 * @param {string} text
 */
function withoutEatenBreaks(text) {
  for (const left of ["n", "rn"]) {
    const row = left.length + 64;
    const rows = Array.from({ length: Math.ceil(text.length / row) }, (_, at) => text.slice(at * row, (at + 1) * row));
    if (!rows.every((one) => one.startsWith(left))) continue;
    const digits = rows.map((one) => one.slice(left.length)).join("");
    return digits.length % 4 === left.length && digits.endsWith(left) ? digits.slice(0, -left.length) : digits;
  }
  return null;
}

/**
 * Decode digits without padding. A lone digit at the end is cut: it can't be a whole byte.
 *
 * @param {string} digits
 */
export function decodeDigits(digits) {
  const bytes = decode(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  if (!bytes) throw new KeyProblem("key-damaged");
  return bytes;
}

/* ---- saying what was found ---- */

/**
 * What became of the line breaks between two markers.
 *
 * @param {string} body
 * @param {boolean} header  whether lines such as "Proc-Type: …" stand there
 */
export function lineRepairs(body, header) {
  if (matches("escaped_break", body)) return ["newlines-escaped"];
  const inside = strip(body, BLANK);
  if (!inside.includes("\n")) {
    // A short key, such as Ed25519, fits on one honest line.
    if (body.includes("\n") && body.length < 200) return [];
    return inside.includes(" ") || inside.includes("\t") ? ["newlines-spaces"] : ["newlines-removed"];
  }
  /** @param {string} line */
  const odd = (line) => !strip(line, " \t") || line[0] === " " || line[0] === "\t";
  return !header && body.split("\n").slice(1, -1).some(odd) ? ["tidied"] : [];
}

/**
 * What stood around the keys: nothing, quotes, or other text.
 *
 * @param {string} given
 */
export function surroundings(given) {
  const around = strip(replaced("escaped_break", replaced("backslashes", given, "\\"), ""), ",; \t\n");
  if (["", "n", "rn"].includes(around)) return []; // what a shell left of a last line break
  return strip(around, "\"'`,; \t\n") ? ["text-around"] : ["quoted"];
}

/**
 * The code of what stands where a key was looked for and not found.
 *
 * @param {string} text
 */
export function nameOf(text) {
  const stripped = strip(text, BLANK);
  const plain = strip(stripped, "\"'` \t\n");
  if (!plain) return "key-empty";
  if (plain.startsWith("PuTTY-User-Key-File")) return "key-putty";
  if (matches("jwk", text)) return "key-jwk";
  if (text.includes("<RSAKeyValue>")) return "key-xml";
  if (matches("token", stripped)) return "key-is-token";
  if (matches("fingerprint", plain)) return "key-is-fingerprint";
  if (matches("shortened", plain) && matches("key_somewhere", plain)) return "key-shortened";
  if (matches("placeholder", plain)) return "key-placeholder";
  if (matches("file_name", plain) || matches("directory", plain)) return "key-is-path";
  return "key-not-found";
}
