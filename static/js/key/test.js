/*
 * The test step: a token signed in this page, by the key that the page holds or by one opened from its file; and one more for each
 * login that the server may try after a refusal, so that it never has to ask for another. Drives <browser-test>.
 *
 * May: open the chosen file, have the tokens signed, and send them (with the time by this computer's clock) to this server.
 * May not: put a private key, a passphrase or a chosen file into a form, a request or any storage. The tokens are in no
 *          element of the page: they are added to what the form sends in the moment of sending, and dropped.
 */

import { heldKey, hold, onchange, signWithHeld } from "./held.js";
import { isSealed, openKey } from "./open.js";
import { elementIn, KeyPanel } from "./panel.js";
import { KeyProblem } from "./problem.js";
import { correctedClock, signToken } from "./token.js";

/** All that this way of testing ever sends; the tokens, browser_clock and measured are added. */
const SENT = new Set(["csrf_token", "again"]);
const seconds = () => Date.now() / 1000;

export class BrowserTest extends KeyPanel {
  clock = correctedClock({ server: 0, here: 0 });
  #token = "";
  /** @type {Map<string, string>} one for each question that may be asked after a refusal, by the name that it goes by */
  #others = new Map();
  #signing = false;
  #measured = ""; // the server's signed word on Snowflake's clock, which goes back with the token

  start() {
    this.#setClock({ server: Number(this.dataset.serverTime), here: this.#arrived() });
    this.takeFile("file", () => this.#look());
    this.field("passphrase").addEventListener("input", () => this.hideProblem(), this.whileHere);
    this.leaving.signal.addEventListener("abort", onchange(() => {
      this.hideProblem(); // what it said was about the key that was here before
      this.#draw();
    }));
    this.#draw();
  }

  /** @param {Parameters<typeof correctedClock>[0]} known */
  #setClock(known) {
    this.clock = correctedClock(known);
    this.show("clock", this.clock.isOff);
    const off = Math.round(Math.abs(this.clock.behind)).toLocaleString("en");
    this.say("clock", `This computer’s clock is ${off} seconds ${this.clock.behind > 0 ? "behind" : "ahead"}. The token signed here is corrected for it.`);
  }

  /** Have the server look at Snowflake's clock, by which the token is timed; without an answer the page's own time has to do. */
  async #measure() {
    const address = this.dataset.clock;
    if (!address) return;
    const { value } = elementIn(this.form ?? document, "input[name=csrf_token]", HTMLInputElement);
    try {
      const answer = await fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": value } });
      if (!answer.ok) return;
      const { server_time: server, snowflake_ahead: snowflakeAhead, measured } = await answer.json();
      this.#setClock({ server, here: seconds(), snowflakeAhead });
      this.#measured = measured;
    } catch {
      this.#measured = "";
    }
  }

  leave() {
    this.#token = "";
    this.#others.clear();
  }

  /** When the page was answered, by this computer's clock: this script may have come much later. A step that is swapped in comes now. */
  #arrived() {
    return Number(document.getElementById("page")?.dataset.arrived ?? Date.now()) / 1000;
  }

  get #holdsTheKey() {
    return heldKey()?.fingerprint === this.dataset.fingerprint;
  }

  #draw() {
    this.show("held", this.#holdsTheKey);
    this.show("open", !this.#holdsTheKey);
    this.show("other-key", Boolean(heldKey()) && !this.#holdsTheKey);
    this.field("file").disabled = this.#holdsTheKey;
  }

  /** A file was chosen: ask for a passphrase only where there is one to ask for. */
  #look() {
    return this.busy("", async () => {
      const sealed = await isSealed(await this.bytesOf("file"));
      this.show("passphrase", sealed);
      if (sealed) this.focusNext = this.field("passphrase");
    });
  }

  /** Hold the sending back until a token is there; then send again. */
  /** @param {SubmitEvent} event */
  beforeSending(event) {
    if (this.#token) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.#signing) return;
    this.#signing = true;
    const { submitter } = event;
    // The chosen file may still be looked at.
    Promise.resolve(this.finished).then(() => this.busy("Signing a token in this page.", async () => {
      if (!this.#holdsTheKey) await this.#open();
      await this.#measure();
      const { subject = "", fingerprint = "", probes = "{}" } = this.dataset;
      const now = this.clock.now(seconds());
      /** @param {string} of */
      const sign = (of) => signToken(signWithHeld, { subject: of, fingerprint }, now);
      for (const [name, other] of Object.entries(JSON.parse(probes))) this.#others.set(name, await sign(other));
      this.#token = await sign(subject);
      // In a task of its own: a held key signs so fast that the form would still be within its own submit event, and stay silent.
    })).then(() => setTimeout(() => {
      this.#signing = false;
      if (this.#token && this.isConnected) this.form?.requestSubmit(submitter);
    }));
  }

  async #open() {
    const { signer, publicKey } = await openKey(await this.bytesOf("file"), this.field("passphrase").value);
    const expected = this.dataset.fingerprint;
    if (publicKey.fingerprint !== expected) throw new KeyProblem("not-the-pair", { found: publicKey.fingerprint, expected });
    this.field("passphrase").value = "";
    hold(signer, { publicKey, saved: true });
  }

  /** @param {FormData} data */
  fill(data) {
    for (const name of Array.from(data.keys())) if (!SENT.has(name)) data.delete(name);
    data.set("token", this.#token);
    for (const [name, token] of this.#others) data.set(name, token);
    this.leave(); // good for one sending
    data.set("measured", this.#measured);
    data.set("browser_clock", seconds().toFixed(0));
  }
}

customElements.define("browser-test", BrowserTest);
