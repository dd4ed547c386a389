/*
 * Passphrases: which can be used everywhere, how a given one may have been meant, how strong one looks, and one made by
 * the browser.
 *
 * May: look at a text and guess; draw random characters from crypto.getRandomValues.
 * May not: keep, compare or send a passphrase, or touch the page.
 */

import { strip, stripEnd } from "./damage.js";
import { KeyProblem } from "./problem.js";
import { limits, matches, tables } from "./specification.js";

/** @param {string} text */
const lengthOf = (text) => [...text].length; // in characters, as people and the server count

/**
 * Why a new file should not be sealed with this text: a code of the table of words, or "" when it may.
 * Only printable ASCII: Python's clients take any character, Java's stop with "Password is not ASCII".
 *
 * @param {string} text
 */
export function unusable(text) {
  if (!matches("printable", text)) return "new-passphrase-not-ascii";
  if (text !== strip(text, " ")) return "new-passphrase-edge";
  if (text.length < limits.new_passphrase) return "new-passphrase-short";
  return text.length > limits.passphrase ? "passphrase-too-long" : "";
}

/**
 * What to try for a typed passphrase, in order: as it is, and without the blanks that copying brings along.
 * One try alone where a derivation has many rounds. Throws KeyProblem for a text that is too long.
 *
 * @param {string} typed
 * @param {number} rounds
 */
export function spellings(typed, rounds) {
  if (lengthOf(typed) > limits.passphrase) throw new KeyProblem("passphrase-too-long");
  if (rounds > limits.retried_rounds) return [typed];
  return [...new Set([typed, stripEnd(typed, "\r\n"), strip(typed, tables.blanks)])];
}

const COMMON = /pass(word|phrase)?|qwert[yz]|asdf|letmein|welcome|admin|secret|snowflake|dragon|monkey|iloveyou|summer|winter|spring|autumn|january|february|october|november|december/gi;

/**
 * A guess at how hard a text is to guess, in bits: the alphabet it draws from, for every character that is not a common word,
 * a repetition or the next of a row. A hint and not a proof; nothing is refused because of it.
 *
 * @param {string} text
 */
export function guessedBits(text) {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];
  const alphabet = kinds.reduce((sum, kind, which) => sum + (kind.test(text) ? [26, 26, 10, 33][which] : 0), 0);
  const plain = text.replace(COMMON, "*");
  let worth = 0;
  for (let at = 0; at < plain.length; at += 1) {
    const step = at && plain.charCodeAt(at) - plain.charCodeAt(at - 1);
    worth += at && Math.abs(step) <= 1 ? 0.3 : plain.indexOf(plain[at]) < at ? 0.7 : 1;
  }
  return Math.round(worth * Math.log2(alphabet || 1));
}

/**
 * The file takes 600,000 rounds to try one guess, which is worth about 19 bits more.
 *
 * @param {string} text
 */
export function strength(text) {
  const bits = guessedBits(text);
  return bits < 45 ? "weak" : bits < 65 ? "fair" : "strong";
}

// Without the characters that are mistaken for each other when read from paper: 0 o, 1 l i.
const CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** Five groups of five characters, 123 bits: "k7mfp-3xq9a-…". */
export function makePassphrase() {
  const fair = 256 - (256 % CHARACTERS.length); // a byte above would favour the first characters
  /** @type {string[]} */
  const drawn = [];
  while (drawn.length < GROUPS * GROUP_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(64))) if (byte < fair) drawn.push(CHARACTERS[byte % CHARACTERS.length]);
  }
  return Array.from({ length: GROUPS }, (_, group) => drawn.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join("")).join("-");
}
