/*
 * What the two key panels of the pages (step.js, test.js) have in common: parts that show and hide, sentences, problems,
 * and the place where a key file is chosen or dropped.
 *
 * May: show and hide the parts that the server wrote into the page, put text into them with textContent, and read a file
 *      the person chose into memory.
 * May not: build HTML from text, store anything, or send a file, a passphrase or a key anywhere.
 *
 * Markup: data-part names what is shown and hidden, data-say what takes a sentence, data-field a control (never with a name
 * attribute, so that no form can send it), data-do a button.
 */

import { KeyProblem, inWords } from "./problem.js";
import { limits, load, NotLoaded, notes } from "./specification.js";

/** Whether a key can be made and used in this page: browsers keep WebCrypto from pages that came over plain http. */
export const canWork = () => isSecureContext && Boolean(globalThis.crypto?.subtle);

/**
 * The first element in `place` that fits, of the kind it has to be. Throws where there is none: then the page is wrong.
 *
 * @template {Element} Kind
 * @param {ParentNode} place
 * @param {string} selector
 * @param {new () => Kind} kind
 */
export function elementIn(place, selector, kind) {
  const found = place.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(`this page has no ${selector}`);
  return found;
}

/** Something to tell the person that is no fault of a key: what is so, and what to do. */
export class Advice extends Error {
  /**
   * @param {string} message
   * @param {string} fix
   * @param {string} field  the data-field that it is about, where it is about one
   */
  constructor(message, fix, field = "") {
    super(message);
    this.name = "Advice";
    this.fix = fix;
    this.field = field;
  }
}

export class KeyPanel extends HTMLElement {
  leaving = new AbortController();
  /** @type {HTMLFormElement | null} */
  form = null;
  working = false;
  /** @type {Promise<void> | undefined} what busy() was last given, to wait for its end */
  finished;
  /** @type {HTMLElement | null} where the focus goes when that has ended */
  focusNext = null;

  connectedCallback() {
    this.leaving = new AbortController();
    this.form = this.closest("form") ?? this.querySelector("#browser-key-form");
    this.show("no-script", false);
    this.show("cannot", !canWork());
    this.show("works", canWork());
    if (!canWork()) return;
    this.addEventListener("click", (event) => this.#press(event), this.whileHere);
    // On the window and on the way down, so that this panel has its say before htmx or anything else sends the form.
    const first = { ...this.whileHere, capture: true };
    window.addEventListener("submit", (event) => event.target === this.form && this.beforeSending(event), first);
    this.form?.addEventListener("formdata", (event) => this.fill(event.formData), this.whileHere);
    this.start();
  }

  disconnectedCallback() {
    this.leaving.abort();
    this.clearFields();
    this.leave();
  }

  /** For panels to fill in: what happens when the element arrives and leaves, when a button is pressed, when its form is sent, and what the form sends. */
  start() {}
  leave() {}
  /** @param {string} _deed */
  press(_deed) {}
  /** @param {SubmitEvent} _event */
  beforeSending(_event) {}
  /** @param {FormData} _data */
  fill(_data) {}

  /** Options for listeners that end when this panel leaves the page. */
  get whileHere() {
    return { signal: this.leaving.signal };
  }

  /**
   * @param {string} name
   * @returns {HTMLElement | null}
   */
  partNamed(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  /**
   * An input of this panel.
   *
   * @param {string} name
   */
  field(name) {
    return elementIn(this, `[data-field="${name}"]`, HTMLInputElement);
  }

  /** @returns {NodeListOf<HTMLButtonElement>} */
  get buttons() {
    return this.querySelectorAll("button[data-do]");
  }

  /**
   * @param {string} name
   * @param {boolean} visible
   */
  show(name, visible) {
    /** @type {NodeListOf<HTMLElement>} */
    const parts = this.querySelectorAll(`[data-part="${name}"]`);
    for (const part of parts) part.hidden = !visible;
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  say(name, text) {
    for (const place of this.querySelectorAll(`[data-say="${name}"]`)) place.textContent = text;
  }

  /**
   * Write a fingerprint in groups of four; its text stays whole for copying.
   *
   * @param {string} name
   * @param {string} fingerprint
   */
  sayFingerprint(name, fingerprint) {
    for (const place of this.querySelectorAll(`[data-say="${name}"]`)) drawFingerprint(place, fingerprint);
  }

  /**
   * Do something slow once: the pressed button is off until it ends, `sentence` is read out, and what goes wrong is shown.
   *
   * @param {string} sentence
   * @param {() => Promise<void>} work
   */
  busy(sentence, work) {
    if (this.working) return Promise.resolve();
    this.working = true;
    this.finished = this.#work(sentence, work);
    return this.finished;
  }

  /** @type {(sentence: string, work: () => Promise<void>) => Promise<void>} */
  async #work(sentence, work) {
    this.hideProblem();
    const buttons = [...this.buttons].filter((button) => !button.disabled);
    const focused = document.activeElement;
    for (const button of buttons) button.disabled = true;
    this.say("progress", sentence);
    try {
      await load();
      await work();
    } catch (problem) {
      this.showProblem(problem);
    } finally {
      this.working = false;
      for (const button of buttons) button.disabled = false;
      this.say("progress", "");
      const next = this.focusNext ?? (document.activeElement === document.body ? focused : null);
      this.focusNext = null;
      if (next instanceof HTMLElement && next.isConnected) next.focus();
    }
  }

  /** Empty the fields that held passphrases and files. */
  clearFields() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = this.querySelectorAll("input[type=password], input[type=text], input[type=file]");
    for (const field of fields) field.value = "";
  }

  hideProblem() {
    this.show("problem", false);
    for (const field of this.querySelectorAll("[data-field][aria-invalid]")) field.removeAttribute("aria-invalid");
  }

  /**
   * Show a KeyProblem in the words of the table, Advice as it stands, and anything else as what it is, a fault of ours.
   *
   * @param {unknown} problem
   */
  showProblem(problem) {
    const panel = elementIn(this, "[data-part=problem]", HTMLElement);
    const words = this.wordsFor(problem);
    this.say("problem-message", words.message);
    this.say("problem-fix", words.fix ?? "");
    this.say("problem-command", words.command ?? "");
    this.show("problem-command", Boolean(words.command));
    panel.toggleAttribute("data-cause", Boolean(words.cause));
    if (words.cause) panel.dataset.cause = words.cause;
    panel.dataset.code = words.code ?? "";
    if (problem instanceof Advice && problem.field) this.field(problem.field).setAttribute("aria-invalid", "true");
    panel.hidden = false;
    panel.tabIndex = -1;
    panel.focus();
  }

  /** @type {(problem: unknown) => { message: string, fix?: string, command?: string, cause?: string, code?: string }} */
  wordsFor(problem) {
    if (problem instanceof Advice) return { message: problem.message, fix: problem.fix };
    if (problem instanceof KeyProblem) return inWords(problem);
    if (problem instanceof NotLoaded) return { message: "What this page reads keys by did not load.", fix: "Check your connection, then try again." };
    console.error(problem instanceof Error ? problem.name : typeof problem); // the name alone: a message might quote what it choked on
    return { message: "This page could not do that.", fix: "Try again. If it happens again, choose another way to get a key pair." };
  }

  /**
   * Write the notes about an opened file as a list.
   *
   * @param {string[]} codes
   */
  sayNotes(codes) {
    const list = elementIn(this, "[data-say=notes]", HTMLElement);
    const items = codes.map((code) => Object.assign(document.createElement("li"), { textContent: notes[code] }));
    list.replaceChildren(...items);
    this.show("notes", codes.length > 0);
  }

  /** @param {MouseEvent} event */
  #press(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-do]") : null;
    if (!(button instanceof HTMLButtonElement) || !this.contains(button)) return;
    this.hideProblem();
    this.press(button.dataset.do ?? "");
  }

  /* ---- choosing a file ---- */

  /**
   * Make the file control `name` also a place to drop a file on.
   *
   * @param {string} name
   * @param {(file: File) => void} chosen
   */
  takeFile(name, chosen) {
    const control = this.field(name);
    /** @type {HTMLElement} */
    const zone = control.closest("[data-drop]") ?? control;
    const here = this.whileHere;
    const take = () => {
      const file = control.files?.[0];
      if (file) chosen(file);
    };
    control.addEventListener("change", take, here);
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.dataset.drop = "over";
    }, here);
    zone.addEventListener("dragleave", () => (zone.dataset.drop = ""), here);
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.dataset.drop = "";
      const dropped = event.dataTransfer?.files;
      if (!dropped?.length) return;
      if (dropped.length > 1 && !control.multiple) return void this.showProblem(new Advice("These are several files.", "Drop one: the private key."));
      control.files = dropped;
      take();
    }, here);
    // A file dropped beside the zone would make the browser leave the page, and the key with it.
    for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault(), here);
    // Chosen before this script came, or kept by the browser over a reload: nothing tells of it again.
    take();
  }

  /**
   * The bytes of the chosen file. Throws Advice when there is none, else as bytesFrom() does.
   *
   * @param {string} name
   */
  async bytesOf(name) {
    const file = this.field(name).files?.[0];
    if (!file) throw new Advice("No file is chosen yet.", "Choose the private key file, or drop it here.");
    return this.bytesFrom(file);
  }

  /**
   * The bytes of a file. Throws KeyProblem for one that is too large to be a key.
   *
   * @param {File} file
   */
  async bytesFrom(file) {
    if (file.size > limits.file_bytes) throw new KeyProblem("key-too-large", { limit: limits.file_bytes / 1024 });
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      throw new KeyProblem("not-read-in-browser");
    }
  }
}

/**
 * A fingerprint as the fingerprint macro draws it.
 *
 * @param {Element} place
 * @param {string} fingerprint
 */
export function drawFingerprint(place, fingerprint) {
  const [prefix, rest = ""] = fingerprint.split(/(?<=:)/);
  /** @type {(text: string, kind: string) => HTMLElement[]} */
  const group = (text, kind) => {
    const span = document.createElement("span");
    span.className = `fingerprint-${kind}`;
    span.textContent = text;
    return [span, document.createElement("wbr")];
  };
  place.replaceChildren(...group(prefix, "prefix"), ...(rest.match(/.{1,4}/g) ?? []).flatMap((four) => group(four, "group")));
}
