/*
 * Finds the keys in a file, in whatever state people, forms, shells and editors left it, and writes clean PEM.
 *
 * May: look at bytes and text, mend what can be mended without guessing, say in a code what was mended or what was found.
 * May not: decrypt, keep anything, touch the page, or send anything.
 *
 * This is the same reading, in the same order and with the same codes, as the server's wizard/snowflake/key/pem.py;
 * the tests put one list of damaged files through both. Change one, change the other.
 */

import { decode, encode } from "./base64.js";
import { declaredLength, identify, SEQUENCE } from "./der.js";
import { KeyProblem } from "./problem.js";

export const MOST_BYTES = 64 * 1024;
const MOST_BLOCKS = 4;

const DASHES = "[-\\u2010-\\u2015\\u2212]{1,8}";
const BEGIN = new RegExp(`${DASHES}[ \\t]?BEGIN\\b([A-Z0-9\\s]{0,48})${DASHES}`, "gi");
const BEGIN_RUN_TOGETHER = new RegExp(`${DASHES}BEGIN([A-Z0-9]{3,48})${DASHES}`, "gi");
const END = new RegExp(`${DASHES}[ \\t]?END([A-Z0-9\\s]{0,48})${DASHES}`, "i");
const ESCAPE = /\\{1,4}[nrt]/;
const PERCENT = /%(?:0[AaDd]|2[0BbFf]|3[Dd])/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g;
const ENCRYPTED_HEADER = /Proc-Type:\s{0,4}4,\s{0,4}ENCRYPTED/i;
const SSH_LINE = /\b(ssh-rsa|ssh-dss|ssh-ed25519|ecdsa-sha2-[a-z0-9-]{1,20}|sk-[a-z0-9-]{1,30}@openssh\.com)\s{1,4}AAAA/g;
const SSH_KINDS = { "ssh-dss": "DSA", "ssh-ed25519": "Ed25519", "ecdsa-sha2-": "EC (elliptic curve)" };
const FOREIGN_ALPHABET = /[^A-Za-z0-9+/=\s_-]+/;
const BROUGHT_SHORT = /\.\.\.|…|\*\*\*|x{12,}|X{12,}/;
const FILE_NAME =
  /^["']?(?:@|file:\/{0,3})?(?:~|\.{1,2}|[A-Za-z]:)?[^\n<>|?*]{0,250}\.(?:p8|pem|key|pub|der|p12|pfx|ppk|txt|crt|cer)["']?$/i;
const DIRECTORY =
  /^["']?(?:~|\.{1,2}|[A-Za-z]:|\$HOME|%USERPROFILE%)?[/\\][\p{L}\p{N}_.~ -]{1,80}(?:[/\\][\p{L}\p{N}_.~ -]{1,80}){0,20}["']?$/u;
const PLACEHOLDER =
  /\{\{|\$\{|\$\(|<[^<>\n]{2,80}>|env_var\(|os\.environ|\$[A-Z_]{3,60}\b|%[A-Z_]{3,60}%|\b(?:your|my|the)[ _-]?(?:rsa[ _-]?)?(?:private|public)[ _-]?key|paste[ _-]|insert[ _-]|changeme|\bTODO\b/i;
const TOKEN = /^(?:Bearer\s+)?["']?eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*["']?\s*$/;
const FINGERPRINT = /^(?:SHA256:)?[A-Za-z0-9+/]{43}=$/;

/* Labels that say more than the bytes under them, with the code (and the kind) for each. Spaces left out. */
const NAMED_LABELS = {
  OPENSSHPRIVATEKEY: ["key-openssh"],
  SSH2ENCRYPTEDPRIVATEKEY: ["key-openssh"],
  PKCS7: ["key-pkcs7"],
  CMS: ["key-pkcs7"],
  PGPPRIVATEKEYBLOCK: ["key-pgp"],
  PGPPUBLICKEYBLOCK: ["key-pgp"],
  PGPMESSAGE: ["key-pgp"],
  ECPRIVATEKEY: ["private-not-rsa", "EC (elliptic curve)"],
  ECPARAMETERS: ["private-not-rsa", "EC (elliptic curve)"],
  DSAPRIVATEKEY: ["private-not-rsa", "DSA"],
  DSAPARAMETERS: ["private-not-rsa", "DSA"],
  DHPARAMETERS: ["private-not-rsa", "DH"],
};
const KNOWN_LABELS = {
  PRIVATEKEY: ["pkcs8"],
  ENCRYPTEDPRIVATEKEY: ["pkcs8-sealed"],
  RSAPRIVATEKEY: ["pkcs1", "pkcs1-sealed"],
  ANYPRIVATEKEY: ["pkcs8", "pkcs8-sealed", "pkcs1"],
  PUBLICKEY: ["spki"],
  RSAPUBLICKEY: ["pkcs1-public"],
  CERTIFICATE: ["certificate"],
  X509CERTIFICATE: ["certificate"],
  TRUSTEDCERTIFICATE: ["certificate"],
  CERTIFICATEREQUEST: ["csr"],
  NEWCERTIFICATEREQUEST: ["csr"],
  SSH2PUBLICKEY: ["ssh-public"],
};
const MAGIC = [
  ["PK\x03\x04", "key-zip"],
  ["\x1f\x8b", "key-zip"],
  ["\xfe\xed\xfe\xed", "key-java-store"],
  ["\xce\xce\xce\xce", "key-java-store"],
  ["openssh-key-v1\0", "key-openssh"],
];

const latin1 = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const startsWith = (bytes, text) => latin1(bytes.subarray(0, text.length)) === text;
const unique = (list) => [...new Set(list)];
const withRepairs = (block, before, after = []) => ({ ...block, repairs: [...before, ...block.repairs, ...after] });
const allOf = (pattern) => new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`);

/* Plain loops and no patterns: "=+$" looks at every "=" of a long row of them again and again. */
function stripStart(text, characters) {
  let start = 0;
  while (start < text.length && characters.includes(text[start])) start += 1;
  return text.slice(start);
}

function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

const strip = (text, characters) => stripEnd(stripStart(text, characters), characters);

/* ---- writing ---- */

const COLUMNS = 64;

/** A PEM file as bytes: marker, lines of 64 characters, marker, each with its line break. */
export function armour(label, der) {
  const text = encode(der);
  const head = new TextEncoder().encode(`-----BEGIN ${label}-----\n`);
  const tail = new TextEncoder().encode(`-----END ${label}-----\n`);
  const file = new Uint8Array(head.length + text.length + Math.ceil(text.length / COLUMNS) + tail.length);
  file.set(head);
  let at = head.length;
  for (let from = 0; from < text.length; from += COLUMNS) {
    const line = text.subarray(from, from + COLUMNS);
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
 * Every key in a file: [{ kind, der, repairs }], one to four of them.
 *
 * `kind` is what identify() in der.js says, or "ssh-public", or "pkcs1-sealed" for a PEM file with a Proc-Type header
 * (named, never opened here). `repairs` are codes of what had to be mended.
 * Throws KeyProblem for a file in which there is no key.
 */
export function readBlocks(bytes) {
  if (bytes.length > MOST_BYTES) throw new KeyProblem("key-too-large", { limit: MOST_BYTES / 1024 });
  if (bytes.every((byte) => byte === 0x20 || byte === 0 || (byte >= 9 && byte <= 13))) throw new KeyProblem("key-empty");
  const binary = readBinary(bytes);
  if (binary) return [binary];
  const [text, repairs] = decodeText(bytes);
  const blocks = readText(text);
  if (!blocks) throw new KeyProblem(nameOf(text));
  return blocks.map((block) => withRepairs(block, repairs));
}

/** The key in a file of DER bytes, or null when this is no such file. */
function readBinary(bytes) {
  for (const [magic, code] of MAGIC) if (startsWith(bytes, magic)) throw new KeyProblem(code);
  // 0x30 is also the digit "0": a text goes on with another character, a DER sequence with its length.
  if (bytes[0] !== SEQUENCE || bytes.length < 2 || !(bytes[1] >= 0x80 || bytes[1] === bytes.length - 2)) return null;
  const size = declaredLength(bytes);
  let end = bytes.length;
  if (size !== null) while (end > size && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1; // an editor added a line break
  return shape(bytes.slice(0, end), ["binary"]);
}

/** The text of a file, whichever encoding Windows gave it. */
function decodeText(bytes) {
  const utf16 = (name) => [clean(new TextDecoder(name).decode(bytes)), ["utf-16"]];
  if (startsWith(bytes, "\xff\xfe")) return utf16("utf-16le");
  if (startsWith(bytes, "\xfe\xff")) return utf16("utf-16be");
  const zeros = bytes.reduce((count, byte) => count + (byte === 0), 0);
  if (zeros * 3 > bytes.length && zeros * 2 <= bytes.length + 1) return utf16(bytes[0] === 0 ? "utf-16be" : "utf-16le");
  if (zeros) throw new KeyProblem("key-binary");
  const repairs = startsWith(bytes, "\xef\xbb\xbf") ? ["byte-order-mark"] : [];
  try {
    return [clean(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), repairs];
  } catch {
    // Only a comment beside the key can be in another encoding: a key itself is ASCII.
    const text = latin1(bytes);
    if (!text.includes("BEGIN")) throw new KeyProblem("key-binary");
    return [clean(text), repairs];
  }
}

/** Even out line ends and drop characters nobody can see. */
const clean = (text) => text.replace(/\r\n?/g, "\n").replaceAll("\u00a0", " ").replace(INVISIBLE, "");

/** The keys in a text, unwrapping base64 of a whole PEM file once; null when there is none. */
function readText(given) {
  let text = given;
  const repairs = [];
  if (PERCENT.test(text)) {
    const bytes = (run) => Uint8Array.from(run.slice(1).split("%"), (two) => parseInt(two, 16));
    text = clean(text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => new TextDecoder().decode(bytes(run))));
    repairs.push("percent-encoded");
  }
  let blocks = readMarked(text);
  if (!blocks) {
    const unwrapped = unwrap(text);
    if (unwrapped !== null) {
      repairs.push("base64-twice");
      blocks = readMarked(unwrapped);
    } else {
      blocks = readSsh(text) ?? readBare(text);
    }
  }
  return blocks && blocks.map((block) => withRepairs(block, repairs));
}

const squeezed = (label) => label.toUpperCase().replace(/\s+/g, "");

/** The keys between BEGIN and END markers; null when there is no marker at all. */
function readMarked(text) {
  const spaced = [...text.matchAll(BEGIN)];
  const begins = spaced.length ? spaced : [...text.matchAll(BEGIN_RUN_TOGETHER)];
  if (!begins.length) {
    const end = END.exec(text);
    if (!end) return null;
    const bare = readBare(text.slice(0, end.index));
    if (!bare) throw new KeyProblem("key-start-missing");
    return bare.map((block) => ({ ...block, repairs: ["begin-missing"] }));
  }
  if (begins.length > MOST_BLOCKS) throw new KeyProblem("key-several");
  const blocks = [];
  let around = text.slice(0, begins[0].index);
  begins.forEach((begin, which) => {
    const limit = begins[which + 1]?.index ?? text.length;
    const from = begin.index + begin[0].length;
    const rest = text.slice(from, limit);
    const end = END.exec(rest);
    blocks.push(readMarkedOne(end ? rest.slice(0, end.index) : rest, squeezed(begin[1]), begin[0], end));
    if (end) around += rest.slice(end.index + end[0].length);
  });
  return noteSurroundings(blocks, around);
}

/** Say on the first block what stood around the keys: nothing, quotes, or other text. */
function noteSurroundings([first, ...others], given) {
  const around = given.replace(allOf(ESCAPE), "").trim();
  const text = strip(around, "\"'`,; \n");
  return [around ? withRepairs(first, [text ? "text-around" : "quoted"]) : first, ...others];
}

const named = (label) => new KeyProblem(NAMED_LABELS[label][0], { kind: NAMED_LABELS[label][1] });

/** What stands between one pair of markers. */
function readMarkedOne(body, label, begin, end) {
  if (label in NAMED_LABELS) throw named(label);
  if (!(label in KNOWN_LABELS)) throw new KeyProblem("key-unknown-label");
  const header = ENCRYPTED_HEADER.test(body);
  const repairs = [...markerRepairs(label, begin, end), ...lineRepairs(body, header)];
  let block = { kind: "pkcs1-sealed", der: new Uint8Array(), repairs: [] };
  if (header) {
    if (label !== "RSAPRIVATEKEY") throw new KeyProblem("key-damaged");
  } else {
    const [key, more] = fromBase64(body);
    repairs.push(...more);
    block = label === "SSH2PUBLICKEY" ? { kind: "ssh-public", der: key, repairs: [] } : shape(key, []);
  }
  if (!KNOWN_LABELS[label].includes(block.kind)) repairs.push("label-wrong");
  return { ...block, repairs: unique(repairs) };
}

/** What is wrong with the marker lines themselves. */
function markerRepairs(label, begin, end) {
  if (!end) return ["end-missing"];
  if (label === "SSH2PUBLICKEY") return []; // written with four hyphens and a space
  const whole = begin.startsWith("-----BEGIN ") && begin.endsWith("-----") && !begin.includes("\n");
  return whole && squeezed(end[1]) === label ? [] : ["markers-damaged"];
}

/** What became of the line breaks between the markers. */
function lineRepairs(body, header) {
  if (ESCAPE.test(body)) return ["newlines-escaped"];
  if (!body.trim().includes("\n")) {
    // A short key, such as Ed25519, fits on one honest line.
    if (body.includes("\n") && body.length < 200) return [];
    return /\S[ \t]+\S/.test(body) ? ["newlines-spaces"] : ["newlines-removed"];
  }
  const odd = (line) => !line.trim() || line[0] === " " || line[0] === "\t";
  return !header && body.split("\n").slice(1, -1).some(odd) ? ["tidied"] : [];
}

const unescape = (text) =>
  text
    .replace(/\\{1,4}u00([2-7][0-9a-fA-F])/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(allOf(ESCAPE), "\n")
    .replaceAll("\\/", "/");

const fromUrl = (text) => text.replaceAll("-", "+").replaceAll("_", "/");
const withoutPadding = (text) => stripEnd(text, "=");

/** Decode the base64 between two markers, after taking out what can't belong to it: [bytes, repairs]. */
function fromBase64(body) {
  let text = unescape(body)
    .replace(/^[ \t]*[>|#*]+[ \t]*/gm, "") // quoted in a mail, commented out
    .replace(/^[A-Za-z][A-Za-z-]{2,20}: [^\n]{0,200}$/gm, "") // headers such as Comment:
    .replace(/[\s"'`\\,;]/g, "");
  if (!text) throw new KeyProblem("key-empty-block");
  if (BROUGHT_SHORT.test(text)) throw new KeyProblem("key-shortened");
  if ((text.length < 100 || /[^A-Za-z0-9+/=_-]/.test(text)) && PLACEHOLDER.test(body)) throw new KeyProblem("key-placeholder");
  const repairs = [];
  if (/[-_]/.test(text)) {
    text = fromUrl(text);
    repairs.push("base64url");
  }
  const strangers = text.match(/[^A-Za-z0-9+/=]/gu);
  if (strangers) throw new KeyProblem("key-characters", { count: strangers.length });
  const rows = text.match(/.{1,65}/g);
  if (rows.every((row) => row[0] === "n")) {
    // A shell ate the backslashes of "\n": an "n" stands before each line of 64 characters.
    text = rows.map((row) => row.slice(1)).join("");
    repairs.push("newlines-escaped");
  }
  const digits = withoutPadding(text);
  if (digits.includes("=")) throw new KeyProblem("key-damaged");
  const key = decodeDigits(digits);
  if (text.length % 4 && declaredLength(key) === key.length) repairs.push("padding-missing");
  return [key, repairs];
}

/** Decode digits without padding. A lone digit at the end is cut: it can't be a whole byte. */
function decodeDigits(digits) {
  const bytes = decode(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  if (!bytes) throw new KeyProblem("key-damaged");
  return bytes;
}

const grouped = (number) => number.toLocaleString("en");

/** A DER document must be all there, and nothing but it. */
function insistOnWhole(key) {
  if (startsWith(key, "openssh-key-v1\0")) throw new KeyProblem("key-openssh");
  if (key[0] !== SEQUENCE) throw new KeyProblem("key-start-missing");
  const size = declaredLength(key);
  if (size === null) throw new KeyProblem("key-damaged");
  if (key.length < size) throw new KeyProblem("key-truncated", { have: grouped(key.length), expected: grouped(size) });
  if (key.length > size) throw new KeyProblem("key-trailing", { extra: grouped(key.length - size) });
}

function shape(key, repairs) {
  insistOnWhole(key);
  const kind = identify(key);
  if (!kind) throw new KeyProblem("key-unknown-shape");
  if (kind === "pkcs12" || kind === "pkcs7") throw new KeyProblem(`key-${kind}`);
  return { kind, der: key, repairs };
}

/** The PEM file that was base64-encoded as a whole (as Kubernetes and Airflow want it), or null. */
function unwrap(text) {
  for (const piece of unescape(text).split(FOREIGN_ALPHABET)) {
    const words = piece.split(/\s+/).filter(Boolean);
    const start = words.findIndex((word) => word.startsWith("LS0t")); // base64 of "---"
    if (start < 0) continue;
    const digits = fromUrl(withoutPadding(words.slice(start).join("")));
    if (digits.includes("=")) return null;
    try {
      const inner = clean(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(decodeDigits(digits)));
      return inner.includes("BEGIN") ? inner : null;
    } catch (error) {
      if (error instanceof KeyProblem) throw error;
      return null;
    }
  }
  return null;
}

/** Lines such as "ssh-rsa AAAA… jane@laptop", or null. */
function readSsh(text) {
  const found = [...text.matchAll(SSH_LINE)];
  if (!found.length) return null;
    const other = found.find((line) => line[1] !== "ssh-rsa");
  if (other) throw new KeyProblem("public-not-rsa", { kind: SSH_KINDS[other[1].slice(0, 11)] ?? "OpenSSH, not ssh-rsa" });
  if (found.length > MOST_BLOCKS) throw new KeyProblem("key-several");
  return found.map(() => ({ kind: "ssh-public", der: new Uint8Array(), repairs: [] }));
}

/**
 * The keys that stand in a text as base64 without markers, or null when there is nothing like it.
 * DER says its own length at the start, so the base64 is followed from its first word to exactly that length.
 */
function readBare(text) {
  const plain = unescape(text);
  const blocks = [];
  let left = false;
  for (const piece of plain.split(FOREIGN_ALPHABET)) {
    const words = piece.split(/\s+/).filter(Boolean);
    for (let at = 0; at < words.length; ) {
      const word = stripStart(words[at], "=");
      if (word.length < 16 || !/^M[A-J][A-Za-z0-9+/_-]/.test(word)) {
        left ||= Boolean(word);
        at += 1;
        continue;
      }
      const [key, next] = follow(words, at);
      at = next;
      if (blocks.length === MOST_BLOCKS) throw new KeyProblem("key-several");
      blocks.push(shape(key, []));
    }
  }
  if (!blocks.length) {
    const digits = plain.replace(/\s+/g, "");
    if (digits.length >= 200 && !/[^A-Za-z0-9+/=]/.test(digits)) insistOnWhole(decodeDigits(digits.replaceAll("=", "")));
    return null;
  }
  blocks[0].repairs = left ? ["markers-missing", "text-around"] : ["markers-missing"];
  return blocks;
}

/** Join base64 words from `at` until the DER they begin is whole: [bytes, where the next word stands]. */
function follow(words, at) {
  const first = fromUrl(stripStart(words[at], "="));
  const size = declaredLength(decodeDigits(withoutPadding(first.slice(0, 8))));
  if (size === null) throw new KeyProblem("key-damaged");
  const need = Math.ceil((4 * size) / 3); // digits, without padding
  let next = at;
  let digits = "";
  while (next < words.length && digits.length < need) {
    const word = fromUrl(strip(words[next], "="));
    if (word.includes("=")) throw new KeyProblem("key-damaged");
    digits += word;
    next += 1;
  }
  while (next < words.length && !strip(words[next], "=")) next += 1;
  const key = decodeDigits(digits);
  insistOnWhole(key);
  return [key, next];
}

/** What stands where a key was looked for and not found. */
function nameOf(text) {
  const stripped = text.trim();
  const plain = strip(stripped, "\"'` \n");
  if (!plain) return "key-empty";
  if (plain.startsWith("PuTTY-User-Key-File")) return "key-putty";
  if (/"kty"\s{0,8}:/.test(text)) return "key-jwk";
  if (text.includes("<RSAKeyValue>")) return "key-xml";
  if (TOKEN.test(stripped)) return "key-is-token";
  if (FINGERPRINT.test(plain)) return "key-is-fingerprint";
  if (BROUGHT_SHORT.test(plain) && /M[A-J][A-Za-z0-9+/]{2,}/.test(plain)) return "key-shortened";
  if (PLACEHOLDER.test(plain)) return "key-placeholder";
  if (FILE_NAME.test(plain) || DIRECTORY.test(plain)) return "key-is-path";
  return "key-not-found";
}
