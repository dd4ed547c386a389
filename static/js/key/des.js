/*
 * DES and triple DES in CBC mode, decryption only.
 *
 * May: undo what an older openssl did to a key file. Snowflake's own documentation had people write
 *      `openssl pkcs8 -topk8 -v2 des3`, and the openssl of macOS writes single DES, so many good keys lie in such
 *      files; WebCrypto has no DES.
 * May not: encrypt (there is no such function here, and no new file is ever written with it), derive keys,
 *      touch the page, or send anything.
 *
 * The tables are those of FIPS 46-3. The tests compare it with OpenSSL over random keys, vectors and lengths.
 * It does not run in constant time; it runs once, on the owner's machine, over the owner's file.
 */

/** @param {string} text */
const numbers = (text) => text.trim().split(/\s+/).map(Number);

const INITIAL = [58, 60, 62, 64, 57, 59, 61, 63].flatMap((from) => [0, 8, 16, 24, 32, 40, 48, 56].map((less) => from - less));
const FINAL = INITIAL.map((_, place) => INITIAL.indexOf(place + 1) + 1);
const CHOICE_1 = numbers(`57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36
                          63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4`);
const CHOICE_2 = numbers(`14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2
                          41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32`);
const TURNS = numbers("1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1");
const SPREAD = numbers("16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25");
const BOXES = [
  "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
  "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
  "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
  "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
  "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
  "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
  "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
  "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
].map((box) => Array.from(box, (digit) => parseInt(digit, 16)));

/**
 * Bit `place` (1 is the highest) of every table entry, picked out of `from`.
 *
 * @param {number[]} from
 * @param {number[]} table
 */
const permute = (from, table) => table.map((place) => from[place - 1]);
/** @param {ArrayLike<number>} bytes */
const toBits = (bytes) => Array.from(bytes, (byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1)).flat();
/** @param {number[]} list */
const toNumber = (list) => list.reduce((sum, bit) => (sum << 1) | bit, 0);
/** @type {(word: number, by: number) => number} */
const turned = (word, by) => (word << by) | (word >>> (32 - by));

/* Each box and the spreading of its four bits, made into one look-up: MIXED[box][six bits] is a 32-bit word. */
const MIXED = BOXES.map((box, which) =>
  Int32Array.from({ length: 64 }, (_, six) => {
    const four = box[(six & 0x20) | ((six & 1) << 4) | ((six >> 1) & 0xf)];
    const spread = toBits([0, 0, 0, 0]);
    for (let bit = 0; bit < 4; bit += 1) spread[which * 4 + bit] = (four >> (3 - bit)) & 1;
    return toNumber(permute(spread, SPREAD));
  }),
);

/**
 * The sixteen round keys of one eight-byte key, each as eight groups of six bits, in the order of encryption.
 *
 * @param {Uint8Array} key
 */
function roundKeys(key) {
  const chosen = permute(toBits(key), CHOICE_1);
  let left = chosen.slice(0, 28);
  let right = chosen.slice(28);
  return TURNS.map((by) => {
    left = [...left.slice(by), ...left.slice(0, by)];
    right = [...right.slice(by), ...right.slice(0, by)];
    const bits = permute([...left, ...right], CHOICE_2);
    return Array.from({ length: 8 }, (_, group) => toNumber(bits.slice(group * 6, group * 6 + 6)));
  });
}

/**
 * Decrypt and take the padding off.
 *
 * @param {Uint8Array} key     24 bytes: three DES keys (16: the first stands for the third too; 8: one for all three)
 * @param {Uint8Array} vector  8 bytes
 * @param {Uint8Array} sealed  a positive multiple of 8 bytes
 * @returns {import("./base64.js").Bytes | null}  null when the padding is not in order, which is how a wrong key shows
 */
export function openDes(key, vector, sealed) {
  if (![8, 16, 24].includes(key.length) || vector.length !== 8 || sealed.length === 0 || sealed.length % 8) return null;
  // Encrypting, decrypting and encrypting with one key is single DES.
  const [first, second, third] = [0, 8, 16].map((at) => roundKeys(key.subarray(at % key.length, (at % key.length) + 8)));
  // Undoing encrypt-decrypt-encrypt: the last key backwards, the middle one forwards, the first one backwards.
  const stages = [third.toReversed(), second, first.toReversed()];
  const opened = new Uint8Array(sealed.length);
  let before = vector;
  for (let at = 0; at < sealed.length; at += 8) {
    const block = sealed.subarray(at, at + 8);
    const bits = permute(toBits(block), INITIAL);
    let left = toNumber(bits.slice(0, 32));
    let right = toNumber(bits.slice(32));
    for (const rounds of stages) {
      for (const round of rounds) {
        let mixed = 0;
        for (let box = 0; box < 8; box += 1) mixed |= MIXED[box][(turned(right, (box * 4 + 5) % 32) & 63) ^ round[box]];
        [left, right] = [right, left ^ mixed];
      }
      [left, right] = [right, left];
    }
    const halves = new DataView(new ArrayBuffer(8));
    halves.setInt32(0, left);
    halves.setInt32(4, right);
    const clear = permute(toBits(new Uint8Array(halves.buffer)), FINAL);
    for (let byte = 0; byte < 8; byte += 1) opened[at + byte] = toNumber(clear.slice(byte * 8, byte * 8 + 8)) ^ before[byte];
    before = block;
  }
  const padding = opened[opened.length - 1];
  const inOrder = padding >= 1 && padding <= 8 && opened.subarray(-padding).every((byte) => byte === padding);
  return inOrder ? opened.subarray(0, -padding) : null;
}
