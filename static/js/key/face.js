/*
 * The face of a key: six words and a small picture, made from its fingerprint.
 *
 * May: fetch the public list of words from this server, once, and draw.
 * May not: see a key or a passphrase, or send anything.
 *
 * The same as wizard/snowflake/key/face.py, which says what is made of which bits, and as templates/components/face.html;
 * a test holds them together. The list is wizard/snowflake/key/face_words.txt, sent as it stands, and fetched when a key
 * is first made or opened.
 */

import { decode } from "./base64.js";

/** @typedef {{ words: string, palette: number, squares: string, pale: string, dots: string }} Face */

const ADDRESS = new URL("../../vendor/face_words.txt", import.meta.url);
const WORDS = 6;
const BITS_OF_A_WORD = 11;
const ROWS = 6;
const COLUMNS = 3; // of one half

/** @type {Promise<string[]> | null} */
let loading = null;

/** The list, one word a line. Throws where it did not come; the next call tries again. */
export function loadWords() {
  loading ??= fetchWords().catch((problem) => {
    loading = null;
    throw problem;
  });
  return loading;
}

async function fetchWords() {
  const answer = await fetch(ADDRESS, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.text()).trim().split("\n");
}

/**
 * The face of the key with this fingerprint. Throws where the words did not come.
 *
 * @param {string} fingerprint  "SHA256:" and base64
 * @returns {Promise<Face>}
 */
export async function faceOf(fingerprint) {
  const lines = await loadWords();
  const digest = decode(fingerprint.slice("SHA256:".length).replaceAll("=", ""));
  if (digest?.length !== 32) throw new TypeError("no fingerprint");
  const words = Array.from({ length: WORDS }, (_, place) => {
    const bit = place * BITS_OF_A_WORD;
    const [high, middle, low] = digest.subarray(bit >> 3, (bit >> 3) + 3);
    return lines[(((high << 16) | (middle << 8) | low) >> (24 - BITS_OF_A_WORD - (bit & 7))) & 0x7ff];
  });
  const points = ["", "", "", ""];
  for (let cell = 0; cell < ROWS * COLUMNS; cell += 1) {
    const column = cell % COLUMNS;
    const y = 2 * Math.floor(cell / COLUMNS) + 1;
    const shape = (digest[17 + (cell >> 2)] >> (6 - 2 * (cell % 4))) & 3;
    for (const x of [2 * column + 1, 11 - 2 * column]) points[shape] += `M${x} ${y}h.01`;
  }
  const [, squares, pale, dots] = points;
  return { words: words.join(" "), palette: digest[16] % 8, squares, pale, dots };
}

/**
 * A face as the face macro draws it.
 *
 * @param {Face} face
 */
export function drawFace({ words, palette, squares, pale, dots }) {
  const whole = Object.assign(document.createElement("span"), { className: "face" });
  const said = Object.assign(document.createElement("span"), { className: "face-words", textContent: words });
  whole.dataset.face = "";
  said.dataset.copy = "key-words";
  const picture = drawn("svg", { class: `face-picture face-palette-${palette}`, viewBox: "0 0 12 12", role: "img", "aria-label": words });
  picture.append(drawn("path", { d: squares }), drawn("path", { class: "face-pale", d: pale }), drawn("path", { class: "face-dot", d: dots }));
  whole.append(picture, said);
  return whole;
}

/**
 * @param {"svg" | "path"} name
 * @param {Record<string, string>} attributes
 */
function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
