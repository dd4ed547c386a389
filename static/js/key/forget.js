/*
 * The strip that is there whenever this page holds a private key, with the button that forgets it. Drives <held-key>.
 *
 * May: show the fingerprint of the held key, and have held.js forget the key, also when the person starts over.
 * May not: see the key, store anything, or send anything.
 */

import { forget, heldKey, onchange } from "./held.js";
import { drawFingerprint, elementIn } from "./panel.js";

const START_OVER = /\/start-over$/;
const SURE_FOR_MILLISECONDS = 6000;

class HeldKey extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLButtonElement | null} */
  #button = null;
  #words = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.#leaving = new AbortController();
    const here = { signal: this.#leaving.signal };
    this.#button = this.querySelector("button[data-do=forget]");
    this.#words = this.#button?.textContent ?? "";
    this.#button?.addEventListener("click", () => this.#press(), here);
    window.addEventListener("submit", (event) => {
      const form = event.target;
      if (form instanceof HTMLFormElement && START_OVER.test(form.action) && !event.defaultPrevented) forget();
    }, here);
    here.signal.addEventListener("abort", onchange(() => this.#draw()));
    this.#draw();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#timer);
  }

  /** A key that is in a file can be opened again; one that isn't is asked for twice. */
  #press() {
    if (heldKey()?.saved || this.dataset.sure) return this.#forget();
    this.dataset.sure = "asked";
    if (this.#button) this.#button.textContent = "It is not saved. Forget it for good?";
    this.#timer = setTimeout(() => this.#calm(), SURE_FOR_MILLISECONDS);
  }

  #calm() {
    clearTimeout(this.#timer);
    delete this.dataset.sure;
    if (this.#button) this.#button.textContent = this.#words;
  }

  #forget() {
    forget();
    const announcer = document.getElementById("announcer");
    if (announcer) announcer.textContent = "The private key is forgotten.";
    document.querySelector("main")?.focus({ preventScroll: true });
  }

  #draw() {
    const held = heldKey();
    this.#calm();
    this.hidden = !held;
    drawFingerprint(elementIn(this, "[data-say=fingerprint]", HTMLElement), held?.fingerprint ?? "");
  }
}

customElements.define("held-key", HeldKey);
