/*
 * MD5 (RFC 1321), for opening old files only.
 *
 * May: digest a few hundred bytes. The openssl of macOS derives the key of an encrypted file from it, and so did every
 *      openssl that wrote "Proc-Type: 4,ENCRYPTED"; WebCrypto has no MD5.
 * May not: be used for anything else: MD5 proves nothing. Keep anything, touch the page, or send anything.
 */

const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Int32Array.from({ length: 64 }, (_, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32));
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
/** @type {((b: number, c: number, d: number) => number)[]} */
const MIXING = [
  (b, c, d) => (b & c) | (~b & d),
  (b, c, d) => (d & b) | (~d & c),
  (b, c, d) => b ^ c ^ d,
  (b, c, d) => c ^ (b | ~d),
];
/** @type {((at: number) => number)[]} */
const WORD = [(at) => at, (at) => (5 * at + 1) % 16, (at) => (3 * at + 5) % 16, (at) => (7 * at) % 16];

/**
 * The sixteen bytes of the digest.
 *
 * @param {Uint8Array} bytes
 */
export function md5(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const words = new DataView(padded.buffer);
  words.setUint32(padded.length - 8, bytes.length * 8, true);
  const state = Int32Array.from(START);
  for (let block = 0; block < padded.length; block += 64) {
    let [a, b, c, d] = state;
    for (let at = 0; at < 64; at += 1) {
      const round = at >> 4;
      const sum = (a + MIXING[round](b, c, d) + SINES[at] + words.getInt32(block + WORD[round](at) * 4, true)) | 0;
      const turn = TURNS[round * 4 + (at % 4)];
      [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    [a, b, c, d].forEach((word, which) => (state[which] += word));
  }
  padded.fill(0);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, which) => digest.setInt32(which * 4, word, true));
  return new Uint8Array(digest.buffer);
}
