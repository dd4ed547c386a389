/*
 * Which of these files is the key in Snowflake? Any number of key files, opened in this page and compared. Drives <key-finder>.
 *
 * May: open the chosen files, show what is public about each, and compare that with the fingerprints that stand in the page.
 * May not: hold or keep a private key or a passphrase, put one into a form, a request or any storage. A file is read anew
 *          when its passphrase is typed; nothing of it stays but its fingerprint.
 *
 * It is no part of page.js: only the page /which-key names and loads it.
 */

import { drawFace, faceOf } from "./face.js";
import { openKey } from "./open.js";
import { drawFingerprint, elementIn, KeyPanel } from "./panel.js";
import { readBlocks } from "./pem.js";
import { KeyProblem } from "./problem.js";
import { describePublic } from "./public.js";
import { readPublic, readSshPublic } from "./rsa.js";

export class KeyFinder extends KeyPanel {
  #watch = new MutationObserver(() => this.#compare());

  start() {
    this.takeFile("files", () => this.#look());
    this.#watch.observe(elementIn(this, "[data-part=there]", HTMLElement), { childList: true });
  }

  leave() {
    this.#watch.disconnect();
    this.#list.replaceChildren();
  }

  get #list() {
    return elementIn(this, "[data-part=found]", HTMLElement);
  }

  /** Read all files that are chosen now, one after the other, each into a row of its own. */
  #look() {
    const control = this.field("files");
    const files = Array.from(control.files ?? []);
    control.value = ""; // so that the same file can be chosen again
    Promise.resolve(this.finished).then(() => this.busy("Reading the files.", async () => {
      for (const file of files) await this.#read(file, this.#rowFor(file));
      this.show("found", true);
      this.#compare();
    }));
  }

  /** @param {File} file */
  #rowFor(file) {
    const row = /** @type {HTMLElement} */ (elementIn(this, "[data-part=row]", HTMLElement).cloneNode(true));
    delete row.dataset.part;
    elementIn(row, "[data-row=name]", HTMLElement).textContent = file.name;
    const typed = elementIn(row, "input", HTMLInputElement);
    const open = () => {
      Promise.resolve(this.finished).then(() => this.busy("Opening the file.", async () => {
        await this.#read(file, row, typed.value);
        this.#compare();
      }));
    };
    elementIn(row, "button", HTMLButtonElement).addEventListener("click", open, this.whileHere);
    typed.addEventListener("keydown", (event) => event.key === "Enter" && open(), this.whileHere);
    this.#list.append(row);
    return row;
  }

  /**
   * @param {File} file
   * @param {HTMLElement} row
   * @param {string} passphrase
   */
  async #read(file, row, passphrase = "") {
    const [says, asks] = ["[data-row=says]", "[data-row=asks]"].map((part) => elementIn(row, part, HTMLElement));
    try {
      const { fingerprint, half } = await publicOf(await this.bytesFrom(file), passphrase);
      row.dataset.fingerprint = fingerprint;
      says.textContent = half;
      asks.remove();
      drawFingerprint(elementIn(row, "[data-row=fingerprint]", HTMLElement), fingerprint);
      const face = await faceOf(fingerprint).catch(() => null);
      if (face) elementIn(row, "[data-row=face]", HTMLElement).replaceChildren(drawFace(face));
    } catch (problem) {
      const { message, fix = "" } = this.wordsFor(problem);
      const missing = problem instanceof KeyProblem && problem.code === "passphrase-missing";
      says.textContent = missing ? "" : `${message} ${fix}`;
      asks.hidden = !(problem instanceof KeyProblem && problem.code.startsWith("passphrase-"));
      if (!asks.hidden && passphrase) this.focusNext = elementIn(asks, "input", HTMLInputElement);
    }
  }

  /** Say of each file whether the keys of the user, as far as they stand in this page, have its fingerprint. */
  #compare() {
    /** @type {HTMLElement[]} */
    const there = Array.from(this.querySelectorAll("[data-on-user]"));
    /** @type {NodeListOf<HTMLElement>} */
    const rows = this.#list.querySelectorAll("[data-fingerprint]");
    for (const row of rows) {
      const found = there.find((key) => key.dataset.onUser === row.dataset.fingerprint);
      const verdict = elementIn(row, "[data-row=verdict]", HTMLElement);
      row.dataset.found = found ? "yes" : there.length ? "no" : "";
      verdict.textContent = found ? `This is ${found.dataset.is}.` : there.length ? "None of the keys below." : "";
    }
  }
}

/**
 * The fingerprint of a key file, and which half of the pair it holds. Throws KeyProblem as openKey() does.
 *
 * @param {import("./base64.js").Bytes} bytes
 * @param {string} passphrase
 */
async function publicOf(bytes, passphrase) {
  try {
    const { publicKey } = await openKey(bytes, passphrase);
    return { fingerprint: publicKey.fingerprint, half: `Private key, RSA, ${publicKey.bits} bits` };
  } catch (problem) {
    if (!(problem instanceof KeyProblem) || problem.code !== "key-is-public") throw problem;
    const [{ kind, der }] = readBlocks(bytes);
    const { fingerprint, bits } = await describePublic(kind === "ssh-public" ? readSshPublic(der) : readPublic(der));
    return { fingerprint, half: `Public half, RSA, ${bits} bits: it can’t log in, but the private key beside it can` };
  }
}

customElements.define("key-finder", KeyFinder);
