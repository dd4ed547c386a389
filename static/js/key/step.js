/*
 * The key step: a key made in this page, or one the person has, opened in this page. Drives <browser-key>.
 *
 * May: make or open a key, have held.js hold it, hand the files to the browser's download, and put the PUBLIC key into a form of its own.
 * May not: put a private key, a passphrase or a chosen file into a form, a request or any storage; the controls for them
 *          have no name, and what the form sends is cut down to a list (see fill()).
 */

import { drawFace, faceOf, loadWords } from "./face.js";
import { heldKey, hold, markSaved, forget, onchange } from "./held.js";
import { makeKey } from "./make.js";
import { isSealed, openKey, rewriteKey } from "./open.js";
import { Advice, elementIn, KeyPanel } from "./panel.js";
import { makePassphrase, strength, unusable } from "./passphrase.js";
import { KeyProblem } from "./problem.js";
import { saveFile } from "./save.js";
import { limits, load } from "./specification.js";

const PRIVATE_FILE = "rsa_key.p8";
const PUBLIC_FILE = "rsa_key.pub";

/** All that this way of getting a key ever sends; public_key is added from the held key, and told, the digest of the answers on this page. */
const SENT = new Set(["csrf_token", "source"]);

/** Notes about an opened file that are no reason to write it anew. */
const HARMLESS = new Set(["passphrase-unneeded", "passphrase-trimmed", "passphrase-blank", "public-beside-private", "twice"]);

const STRENGTH_WORDS = {
  weak: "Easy to guess. Make it longer, or let this page make one.",
  fair: "Fair. A few more characters make it strong.",
  strong: "Looks strong.",
};
/** @param {boolean} optional */
const noPassphrase = (optional) =>
  new Advice("There is no passphrase yet.", optional ? "Type one, press “Make one for me”, or tick “Save it without a passphrase”." : "Type one, or press “Make one for me”.", "passphrase");
const stillMaking = () => new Advice("The key is being made.", "It takes a moment. Then save it and go on.");
const notSaved = () =>
  new Advice(
    `Save ${PRIVATE_FILE} before you go on.`,
    "Only this page has the private key, and only until you close or reload this tab. Nobody can get it back for you. If you don’t want this key, press “Use another key”.",
  );

/**
 * The button that Enter presses, by the field it is pressed in; the form's own would be Continue.
 *
 * @type {Record<string, string>}
 */
const PRESSED_BY_ENTER = { passphrase: "make", "opened-passphrase": "open", "check-passphrase": "check" };

/** Have the words of the key's face come meanwhile. Without them there is no face, and the fingerprint says it all. */
const awaitWords = () => void loadWords().catch(() => {});

export class BrowserKey extends KeyPanel {
  /** @type {import("./base64.js").Bytes | null} */
  #file = null; // the bytes of rsa_key.p8, until this panel leaves
  #suggested = ""; // the passphrase made here, while it is shown
  #held = false; // a key was held when this panel was last drawn
  #question = ""; // the page's title, until a key is held
  #address = location.href; // of the page that this panel is on
  #outdated = false; // the opened file is in a state or a form that other tools refuse

  start() {
    this.#chooseThisWay();
    this.takeFile("opened-file", () => this.#open());
    this.takeFile("check-file", () => this.hideProblem());
    this.field("passphrase").addEventListener("input", () => this.#judge(), this.whileHere);
    this.field("plain").addEventListener("change", () => this.#judge(), this.whileHere);
    this.addEventListener("keydown", (event) => this.#enter(event), this.whileHere);
    this.leaving.signal.addEventListener("abort", onchange(() => this.#draw()));

    // A key that is not in a file yet is lost when the page is left: by a link, by Back, by closing the tab.
    window.addEventListener("beforeunload", (event) => this.#unsaved && event.preventDefault(), this.whileHere);
    window.addEventListener("click", (event) => this.#guardLink(event), { ...this.whileHere, capture: true });
    window.addEventListener("submit", (event) => this.#guardForm(event), { ...this.whileHere, capture: true });
    document.addEventListener("htmx:before:history:restore", (event) => this.#guardRestoring(event), this.whileHere);
    this.#draw();
  }

  leave() {
    this.#file?.fill(0);
    this.#file = null;
    this.#forgetSuggestion();
    if (this.#unsaved) forget();
  }

  /** @param {string} what */
  press(what) {
    /** @type {Record<string, () => unknown>} */
    const deeds = {
      make: () => this.#make(),
      suggest: () => this.#suggest(),
      open: () => this.#open(),
      "save-private": () => this.#savePrivate(),
      "save-public": () => this.#savePublic(),
      rewrite: () => this.#rewrite(),
      check: () => this.#check(),
      another: () => forget(),
    };
    deeds[what]?.();
  }

  /** The button that goes on to the next step. */
  get onwards() {
    return elementIn(this, "[data-key-continue]", HTMLButtonElement);
  }

  /* ---- what is sent ---- */

  get #unsaved() {
    return heldKey()?.saved === false;
  }

  /** @param {SubmitEvent} event */
  beforeSending(event) {
    let problem = null;
    if (this.working) problem = stillMaking();
    else if (this.#unsaved) problem = notSaved();
    if (!problem) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.showProblem(problem);
  }

  /** @param {FormData} data */
  fill(data) {
    for (const name of Array.from(data.keys())) if (!SENT.has(name)) data.delete(name);
    data.set("public_key", heldKey()?.base64 ?? "");
    const { told } = document.querySelector("main")?.dataset ?? {};
    if (told) data.set("told", told);
  }

  /**
   * Other forms (start over) and links lead away from a key that is not saved; the strip's Forget button is the way out.
   *
   * @param {SubmitEvent} event
   */
  #guardForm(event) {
    if (event.target !== this.form && this.#unsaved && !event.defaultPrevented) this.#stay(event);
  }

  /** @param {MouseEvent} event */
  #guardLink(event) {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.getAttribute("href")?.startsWith("#")) return;
    if (this.#unsaved) this.#stay(event);
  }

  /**
   * The browser's own Back and Forward within the document: htmx is about to draw the page of another address. This one becomes the newest.
   *
   * @param {Event} event
   */
  #guardRestoring(event) {
    if (!this.#unsaved) return;
    history.pushState({ htmx: true }, "", this.#address);
    this.#stay(event);
  }

  /** @param {Event} event */
  #stay(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.showProblem(notSaved());
  }

  /* ---- making ---- */

  #make() {
    const size = Number(elementIn(this, "[data-field=size]", HTMLSelectElement).value);
    const plain = this.field("plain").checked;
    const passphrase = plain ? "" : this.field("passphrase").value;
    if (!plain && !passphrase) return void this.showProblem(noPassphrase(!this.field("plain").closest("[hidden]")));
    return this.busy("Making your key. This is a search for large prime numbers, so it takes as long as luck has it: a second or two.", async () => {
      const why = plain ? "" : unusable(passphrase);
      if (why) throw new KeyProblem(why, { length: passphrase.length });
      awaitWords();
      const made = await makeKey(size, passphrase);
      if (!this.isConnected) return;
      this.#file = made.file;
      this.field("passphrase").value = "";
      if (passphrase !== this.#suggested) this.#forgetSuggestion();
      hold(made.signer, { publicKey: made.publicKey, saved: false });
      this.focusNext = elementIn(this, "[data-do=save-private]", HTMLButtonElement);
    });
  }

  async #judge() {
    this.show("passphrase", !this.field("plain").checked);
    this.show("plain-hint", this.field("plain").checked);
    if (this.field("passphrase").value !== this.#suggested) this.#forgetSuggestion();
    await load().catch(() => {}); // a hint: when it fails, the button says so
    const passphrase = this.field("plain").checked ? "" : this.field("passphrase").value;
    const short = passphrase.length < limits.new_passphrase;
    this.say("strength", !passphrase ? "" : short ? `${limits.new_passphrase} characters or more.` : STRENGTH_WORDS[strength(passphrase)]);
  }

  #suggest() {
    this.#suggested = makePassphrase();
    this.field("passphrase").value = this.#suggested;
    this.say("suggested", this.#suggested);
    this.show("suggested", true);
    this.say("strength", STRENGTH_WORDS.strong);
    this.hideProblem();
  }

  #forgetSuggestion() {
    this.#suggested = "";
    this.say("suggested", "");
    this.show("suggested", false);
  }

  /* ---- opening ---- */

  async #open() {
    await this.busy("Opening the file in this page.", async () => {
      awaitWords();
      const bytes = await this.bytesOf("opened-file");
      const passphrase = this.field("opened-passphrase").value;
      if (!passphrase && (await isSealed(bytes))) {
        this.show("opened-passphrase", true);
        this.focusNext = this.field("opened-passphrase");
        this.say("open-hint", "This key is encrypted.");
        return;
      }
      const { signer, publicKey, notes } = await openKey(bytes, passphrase);
      if (!this.isConnected) return;
      this.#outdated = notes.some((note) => !HARMLESS.has(note));
      this.sayNotes(notes);
      hold(signer, { publicKey, saved: true });
      this.focusNext = this.onwards;
    });
  }

  /** The opened file once more, in the form that every client reads. */
  #rewrite() {
    return this.busy("Writing the file.", async () => {
      const bytes = await this.bytesOf("opened-file");
      const file = await rewriteKey(bytes, this.field("opened-passphrase").value);
      saveFile(file, PRIVATE_FILE);
      file.fill(0);
      this.#saySaved(`${PRIVATE_FILE} is in this device’s downloads: the same key, in the form that every client reads.`);
    });
  }

  /* ---- the files ---- */

  #savePrivate() {
    if (!this.#file) return;
    saveFile(this.#file, PRIVATE_FILE);
    markSaved();
    this.#saySaved(`Saved: ${PRIVATE_FILE} is in this device’s downloads. Move it to where you keep secrets, and don’t send it to anybody.`);
    this.onwards.focus();
  }

  /** @param {string} words */
  #saySaved(words) {
    this.show("saved", Boolean(words));
    this.say("saved", words);
  }

  #savePublic() {
    const held = heldKey();
    if (held) saveFile(held.file, PUBLIC_FILE);
  }

  #check() {
    return this.busy("Reading the file back.", async () => {
      this.say("checked", "");
      const bytes = await this.bytesOf("check-file");
      const { publicKey } = await openKey(bytes, this.field("check-passphrase").value);
      if (publicKey.fingerprint !== heldKey()?.fingerprint) {
        throw new KeyProblem("not-the-pair", { found: publicKey.fingerprint, expected: heldKey()?.fingerprint });
      }
      this.field("check-passphrase").value = "";
      markSaved();
      this.say("checked", "This file opens, and it holds this key.");
    });
  }

  /* ---- drawing ---- */

  /** The safest way is open from the start, unless the person has chosen another; the server can't know that it works here. */
  #chooseThisWay() {
    const answered = this.classList.contains("key-ways-answered");
    if (!answered) this.partNamed("through-server")?.removeAttribute("open"); // it is for those without scripts
    /** @type {HTMLInputElement | null} */
    const chosen = this.querySelector("[name=source]:checked");
    const fromTheStart = chosen?.value === "server" && chosen.defaultChecked && !answered;
    if (!chosen || fromTheStart) elementIn(this, "[type=radio][value=browser]", HTMLInputElement).checked = true;
  }

  /** @param {KeyboardEvent} event */
  #enter(event) {
    const button = event.target instanceof HTMLElement && PRESSED_BY_ENTER[event.target.dataset.field ?? ""];
    if (event.key !== "Enter" || !button) return;
    event.preventDefault();
    this.press(button);
  }

  #draw() {
    const held = heldKey();
    emphasize(elementIn(this, "[data-do=save-private]", HTMLElement), !held?.saved);
    emphasize(this.onwards, Boolean(held?.saved));
    this.show("held", Boolean(held));
    this.show("choose", !held);
    this.#drawFace(held?.fingerprint);
    this.#drawTitle(!held ? "" : this.#file ? "Your key pair is made" : "This page holds your key");
    const fingerprint = elementIn(this, "[data-say=held-fingerprint]", HTMLElement);
    if (!held) {
      this.#file?.fill(0);
      this.#file = null;
      this.#saySaved("");
      this.say("checked", "");
      this.say("held-fingerprint", "");
      this.show("notes", false);
      this.#outdated = false;
      if (this.#held) {
        this.clearFields();
        this.#forgetSuggestion();
      }
      this.#held = false;
      fingerprint.removeAttribute("data-copy");
      return;
    }
    this.#held = true;
    this.sayFingerprint("held-fingerprint", held.fingerprint);
    fingerprint.setAttribute("data-copy", "fingerprint");
    this.show("private-file", Boolean(this.#file));
    this.show("unsaved", !held.saved);
    this.show("rewrite", this.#outdated);
  }

  /**
   * While a key is held the page's question is answered, and its title says so.
   *
   * @param {string} words  or "" for the question
   */
  #drawTitle(words) {
    const title = document.getElementById("question");
    if (!title) return;
    this.#question ||= title.textContent ?? "";
    title.textContent = words || this.#question;
  }

  /** @param {string | undefined} fingerprint */
  async #drawFace(fingerprint) {
    const face = fingerprint ? await faceOf(fingerprint).catch(() => null) : null;
    if (heldKey()?.fingerprint !== fingerprint) return; // another key came meanwhile, or none is left
    elementIn(this, "[data-say=face]", HTMLElement).replaceChildren(...(face ? [drawFace(face)] : []));
  }
}

/**
 * The one filled button of the page is what is to be pressed next.
 *
 * @param {HTMLElement} button
 * @param {boolean} next
 */
function emphasize(button, next) {
  button.classList.toggle("button-primary", next);
  button.classList.toggle("button-secondary", !next);
}

customElements.define("browser-key", BrowserKey);
