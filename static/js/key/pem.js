/*
 * PEM (RFC 7468): finds the keys in a file, in whatever state people, forms, shells and editors left it, and writes
 * clean files.
 *
 * May: look at bytes and text, say in a code what was mended or what was found.
 * May not: decrypt, keep anything, touch the page, or send anything.
 *
 * The same reading as wizard/snowflake/key/pem.py, function by function; a test puts thousands of generated files
 * through both.
 */

import { encode } from "./base64.js";
import * as damage from "./damage.js";
import { declaredLength, SEQUENCE } from "./der.js";
import { checked } from "./pbes.js";
import { KeyProblem } from "./problem.js";
import { identify } from "./rsa.js";
import { every, first, limits, matches, tables } from "./specification.js";

/**
 * One key of a file. `kind` is what identify() says, or "ssh-public", or "pkcs1-sealed" for a PEM file with a Proc-Type
 * header, whose recipe is then in `sealed`. `repairs` are codes of what had to be mended.
 *
 * @import { Bytes } from "./base64.js"
 * @typedef {{ kind: string, der: Bytes, sealed?: import("./pbes.js").Sealed, repairs: string[] }} Block
 */

const { stripEnd, stripStart, strip, withoutPadding } = damage;
/** @param {Bytes} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {number} number */
const grouped = (number) => number.toLocaleString("en");
/** @type {(block: Block, repairs: string[]) => Block} */
const withRepairs = (block, repairs) => ({ ...block, repairs: [...repairs, ...block.repairs] });
/** @type {(blocks: Block[], repairs: string[]) => Block[]} */
const noted = (blocks, repairs) => blocks.map((block) => withRepairs(block, repairs));

/* ---- writing ---- */

/**
 * A PEM file as bytes: marker, lines of 64 characters, marker, each with its line break.
 *
 * @param {string} label
 * @param {Bytes} der
 */
export function armour(label, der) {
  const { columns } = tables.writing;
  const text = encode(der);
  const head = new TextEncoder().encode(`-----BEGIN ${label}-----\n`);
  const tail = new TextEncoder().encode(`-----END ${label}-----\n`);
  const file = new Uint8Array(head.length + text.length + Math.ceil(text.length / columns) + tail.length);
  file.set(head);
  let at = head.length;
  for (let from = 0; from < text.length; from += columns) {
    const line = text.subarray(from, from + columns);
    file.set(line, at);
    at += line.length;
    file[at] = 0x0a;
    at += 1;
  }
  file.set(tail, at);
  text.fill(0);
  return file;
}

/* ---- reading ---- */

/**
 * Whether a block is, or encloses, a private key of any kind.
 *
 * @param {Block} block
 */
export const isPrivate = ({ kind }) => tables.private_kinds.includes(kind);

/**
 * Every key in a file, one to four of them. Throws KeyProblem for a file in which there is no key.
 *
 * @param {Bytes} bytes
 */
export function readBlocks(bytes) {
  if (bytes.length > limits.file_bytes) throw new KeyProblem("key-too-large", { limit: limits.file_bytes / 1024 });
  /** @param {number} byte */
  const blank = (byte) => byte === 0x20 || byte === 0 || (byte >= 9 && byte <= 13);
  if (bytes.every(blank)) throw new KeyProblem("key-empty");
  const binary = readBinary(bytes);
  if (binary) return [binary];
  const [text, repairs] = damage.decodeText(bytes);
  const blocks = readText(text);
  if (!blocks.length) throw new KeyProblem(damage.nameOf(text));
  return noted(blocks, repairs);
}

/**
 * The key in a file of DER bytes, or null when this is no such file.
 *
 * @param {Bytes} bytes
 */
function readBinary(bytes) {
  const start = hex(bytes.subarray(0, 16));
  for (const [magic, code] of Object.entries(tables.magic)) if (start.startsWith(magic)) throw new KeyProblem(code);
  // 0x30 is also the digit "0": a text goes on with another character, a DER sequence with its length.
  if (bytes[0] !== SEQUENCE || bytes.length < 2 || !(bytes[1] >= 0x80 || bytes[1] === bytes.length - 2)) return null;
  const size = declaredLength(bytes) ?? bytes.length;
  let end = bytes.length;
  while (end > size && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1; // an editor added a line break
  return withRepairs(shape(bytes.slice(0, end)), ["binary"]);
}

/**
 * The keys in a text, unwrapping base64 of a whole PEM file once; none when there is no key.
 *
 * @param {string} given
 */
function readText(given) {
  const repairs = [];
  const decoded = damage.undoPercent(given);
  if (decoded !== null) repairs.push("percent-encoded");
  const text = decoded ?? given;
  let blocks = readMarked(text);
  if (!blocks) {
    const unwrapped = damage.unwrap(text);
    if (unwrapped !== null) {
      repairs.push("base64-twice");
      blocks = readMarked(unwrapped);
    } else {
      blocks = readSsh(text);
      if (!blocks.length) blocks = readBare(text);
    }
  }
  return noted(blocks ?? [], repairs);
}

/* ---- between markers ---- */

/**
 * The keys between BEGIN and END markers; null when there is no marker at all.
 *
 * @param {string} text
 * @returns {Block[] | null}
 */
function readMarked(text) {
  const spaced = every("begin", text);
  const begins = spaced.length ? spaced : every("begin_joined", text);
  if (!begins.length) {
    const end = first("end", text);
    if (!end) return null;
    const bare = readBare(text.slice(0, end.index));
    if (!bare.length) throw new KeyProblem("key-start-missing");
    return bare.map((block) => ({ ...block, repairs: ["begin-missing"] }));
  }
  if (begins.length > limits.blocks) throw new KeyProblem("key-several");
  let around = text.slice(0, begins[0].index);
  const blocks = begins.map((begin, which) => {
    const rest = text.slice(begin.index + begin[0].length, begins[which + 1]?.index);
    const end = first("end", rest);
    if (end) around += rest.slice(end.index + end[0].length);
    return readMarkedOne(end ? rest.slice(0, end.index) : rest, begin, end);
  });
  return [withRepairs(blocks[0], damage.surroundings(around)), ...blocks.slice(1)];
}

/**
 * What stands between one pair of markers.
 *
 * @param {string} body
 * @param {RegExpExecArray} begin
 * @param {RegExpExecArray | undefined} end
 * @returns {Block}
 */
function readMarkedOne(body, begin, end) {
  const label = labelOf(begin);
  if (Object.hasOwn(tables.named_labels, label)) {
    const [code, kind] = tables.named_labels[label];
    throw new KeyProblem(code, { kind });
  }
  if (!Object.hasOwn(tables.labels, label)) throw new KeyProblem("key-unknown-label");
  const header = first("encrypted_header", body);
  let repairs = [...markerRepairs(label, begin, end), ...damage.lineRepairs(body, Boolean(header))];
  let block;
  if (header) {
    block = readOldHeader(body.slice(header.index + header[0].length), label);
  } else {
    const [key, more] = damage.fromBase64(body);
    if (more.includes("newlines-escaped")) repairs = repairs.filter((code) => code !== "newlines-removed");
    repairs.push(...more);
    block = label === "SSH2PUBLICKEY" ? { kind: "ssh-public", der: key, repairs: [] } : shape(key);
  }
  if (!tables.labels[label].includes(block.kind)) repairs.push("label-wrong");
  return { ...block, repairs: [...new Set(repairs)] };
}

/** @param {RegExpExecArray} marker */
const labelOf = (marker) => damage.squeezed(marker[1].toUpperCase());

/**
 * What is wrong with the marker lines themselves.
 *
 * @param {string} label
 * @param {RegExpExecArray} begin
 * @param {RegExpExecArray | undefined} end
 */
function markerRepairs(label, begin, end) {
  if (!end) return ["end-missing"];
  if (label === "SSH2PUBLICKEY") return []; // written with four hyphens and a space
  const [line] = begin;
  const whole = line.startsWith("-----BEGIN ") && line.endsWith("-----") && !line.includes("\n");
  return whole && labelOf(end) === label ? [] : ["markers-damaged"];
}

/**
 * The "Proc-Type: 4,ENCRYPTED" form that OpenSSL wrote before PKCS#8 (RFC 1421, and a KDF of its own).
 * The key is derived in one round, so there is no count to bound.
 *
 * @param {string} body
 * @param {string} label
 * @returns {Block}
 */
function readOldHeader(body, label) {
  const recipe = first("cipher_header", body);
  if (label !== "RSAPRIVATEKEY" || !recipe) throw new KeyProblem("key-damaged");
  const cipher = recipe[1].toLowerCase();
  if (!Object.hasOwn(tables.cipher_sizes, cipher)) {
    throw new KeyProblem("cipher-not-opened", { cipher: "Proc-Type with another cipher than AES and DES" });
  }
  // Where the line breaks are gone, base64 follows the hexadecimal digits directly: the cipher says how many count.
  const digits = 2 * tables.cipher_sizes[cipher][1];
  if (recipe[2].length < digits) throw new KeyProblem("key-damaged");
  const behind = body.slice(recipe.index + recipe[0].length - recipe[2].length + digits);
  const data = damage.decodeDigits(withoutPadding(damage.digitsIn(behind)[0]));
  const iv = Uint8Array.from({ length: digits / 2 }, (_, at) => parseInt(recipe[2].slice(2 * at, 2 * at + 2), 16));
  const sealed = { derivation: "openssl", digest: "md5", salt: iv.slice(0, 8), iterations: 1, cipher, iv, data };
  return { kind: "pkcs1-sealed", der: data, sealed: checked(sealed), repairs: [] };
}

/* ---- without markers ---- */

/**
 * The keys in lines such as "ssh-rsa AAAA… jane@laptop".
 *
 * @param {string} text
 * @returns {Block[]}
 */
function readSsh(text) {
  const found = every("ssh_line", text);
  for (const [, name] of found) {
    const kind = tables.ssh_kinds[name.slice(0, 11)] ?? "OpenSSH, not ssh-rsa";
    if (name !== "ssh-rsa") throw new KeyProblem("public-not-rsa", { kind });
  }
  if (found.length > limits.blocks) throw new KeyProblem("key-several");
  /** @param {RegExpExecArray} line */
  const blobOf = ([, , digits]) => damage.decodeDigits(digits.replaceAll("=", ""));
  return found.map((line) => ({ kind: "ssh-public", der: blobOf(line), repairs: [] }));
}

/**
 * The keys that stand in a text as base64 without markers.
 * DER says its own length at the start, so the base64 is followed from its first word to exactly that length.
 *
 * @param {string} text
 * @returns {Block[]}
 */
function readBare(text) {
  /** @type {Block[]} */
  const blocks = [];
  let left = false;
  for (const words of damage.pieces(text)) {
    for (let at = 0; at < words.length; ) {
      const word = stripStart(words[at], "=");
      if (word.length < 16 || !matches("key_start", word)) {
        left ||= Boolean(word);
        at += 1;
        continue;
      }
      if (matches("shortened", text)) throw new KeyProblem("key-shortened");
      const [key, next] = follow(words, at);
      at = next;
      if (blocks.length === limits.blocks) throw new KeyProblem("key-several");
      blocks.push(shape(key));
    }
  }
  if (blocks.length) {
    const [first, ...others] = blocks;
    return [withRepairs(first, left ? ["markers-missing", "text-around"] : ["markers-missing"]), ...others];
  }
  const digits = damage.squeezed(damage.unescape(text));
  if (digits.length >= 200 && !matches("stranger", digits)) {
    insistOnWhole(damage.decodeDigits(digits.replaceAll("=", "")));
  }
  return [];
}

/**
 * Join base64 words from `at` until the DER they begin is whole.
 *
 * @param {string[]} words
 * @param {number} at
 * @returns {[key: Bytes, next: number]}
 */
function follow(words, at) {
  const start = damage.fromUrl(stripStart(words[at], "="));
  const size = declaredLength(damage.decodeDigits(stripEnd(start.slice(0, 8), "=")));
  if (size === null) throw new KeyProblem("key-damaged");
  const need = Math.ceil((4 * size) / 3); // digits, without padding
  let next = at;
  let digits = "";
  while (next < words.length && digits.length < need) {
    const word = damage.fromUrl(strip(words[next], "="));
    if (word.includes("=")) throw new KeyProblem("key-damaged");
    digits += word;
    next += 1;
  }
  while (next < words.length && !strip(words[next], "=")) next += 1;
  const key = damage.decodeDigits(digits);
  insistOnWhole(key);
  return [key, next];
}

/**
 * A DER document must be all there, and nothing but it.
 *
 * @param {Bytes} key
 */
function insistOnWhole(key) {
  if (hex(key.subarray(0, 15)) === "6f70656e7373682d6b65792d763100") throw new KeyProblem("key-openssh");
  if (key[0] !== SEQUENCE) throw new KeyProblem("key-start-missing");
  const size = declaredLength(key);
  if (size === null) throw new KeyProblem("key-damaged");
  if (key.length < size) throw new KeyProblem("key-truncated", { have: grouped(key.length), expected: grouped(size) });
  if (key.length > size) throw new KeyProblem("key-trailing", { extra: grouped(key.length - size) });
}

/**
 * A block of DER bytes; throws what these are when they are no key.
 *
 * @param {Bytes} key
 * @returns {Block}
 */
function shape(key) {
  insistOnWhole(key);
  const kind = identify(key);
  if (kind === "pkcs12" || kind === "pkcs7") throw new KeyProblem(`key-${kind}`);
  return { kind, der: key, repairs: [] };
}
