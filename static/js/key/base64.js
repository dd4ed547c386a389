/*
 * Base64, into bytes and out of digits.
 *
 * May: turn bytes into base64 and back.
 * May not: anything else.
 *
 * It exists beside the browser's btoa() because that one makes strings, and a string with a private key in it cannot be
 * overwritten afterwards. encode() makes bytes, and its caller can.
 */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes  in memory that is shared with nobody, as WebCrypto wants them */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/**
 * Base64 with padding, as the bytes of its characters.
 *
 * @param {Uint8Array} bytes
 * @returns {Bytes}
 */
export function encode(bytes) {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(0x3d);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const three = (bytes[from] << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    const digits = Math.min(4, bytes.length - from + 1);
    for (let digit = 0; digit < digits; digit += 1) text[to + digit] = CODES[(three >> (18 - 6 * digit)) & 63];
  }
  return text;
}

/**
 * Base64 of PUBLIC bytes, as a string.
 *
 * @param {Uint8Array} bytes
 */
export const toBase64 = (bytes) => String.fromCharCode(...encode(bytes));

/**
 * The bytes of base64 digits without padding, or null when another character stands among them.
 *
 * @param {string} digits
 */
export function decode(digits) {
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let waiting = 0;
  let at = 0;
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffff;
    waiting += 6;
    if (waiting >= 8) {
      waiting -= 8;
      bytes[at] = (bits >> waiting) & 0xff;
      at += 1;
    }
  }
  return bytes;
}
