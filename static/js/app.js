// What a page of the wizard does beyond plain HTML and htmx. Everything works without it.
//
// It shows, copies, moves the focus, speaks, filters, stops double sending, and tells other tabs what changed. It builds no
// HTML from strings, stores nothing, sends nothing, and reads no key file: keys are the business of other modules.

/** @param {string} id */
const byId = (id) => document.getElementById(id);

/**
 * The element that an event is about, or the nearest one around it that `selector` finds.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
const targetOf = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

/**
 * What htmx tells of a swap, as far as it matters here.
 *
 * @typedef {object} Task
 * @property {string} type
 * @property {HTMLElement | null} target
 * @property {DocumentFragment} fragment
 * @property {boolean} transition
 *
 * @typedef {object} Swap
 * @property {{ target?: HTMLElement | string, response?: { status: number }, sourceEvent?: Event, request: { form?: HTMLFormElement, submitter?: HTMLElement } }} ctx
 * @property {Task[]} tasks
 * @property {Node[]} newContent
 * @property {{ path: string, type: string }} history
 */

/**
 * @param {string} name
 * @param {(told: Swap, event: Event) => void} listener
 */
function onHtmx(name, listener) {
  document.addEventListener(name, (event) => { if (event instanceof CustomEvent) listener(event.detail, event); });
}

// ---------------------------------------------------------------- speaking

/** @type {ReturnType<typeof setTimeout> | undefined} */
let toSay;

/**
 * Say one sentence through the page's live region; the same sentence twice is said twice. "" leaves nothing there of what was said before.
 *
 * @param {string} sentence
 */
function announce(sentence) {
  const region = byId("announcer");
  if (!region) return;
  clearTimeout(toSay);
  region.textContent = "";
  if (sentence) toSay = setTimeout(() => { region.textContent = sentence; }, 60);
}

/**
 * Show a sentence at the foot of the window, for trouble that has no other place. Null takes it away.
 *
 * @param {string | null} sentence
 * @param {HTMLElement[]} acts  what can be done about it
 */
function notice(sentence, ...acts) {
  const bar = byId("notice");
  if (!bar) return;
  bar.hidden = !sentence;
  bar.replaceChildren(sentence ? `${sentence} ` : "", ...acts);
}

/** @param {Node | null} node */
const words = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();

// ---------------------------------------------------------------- other tabs

// Tabs share one walk, and tell each other a digest of the answers that they show, and what their lists of steps say.
const tabs = new BroadcastChannel("walk");
const told = () => document.querySelector("main")?.dataset.told;

/** @returns {[string, string][]} */
const answers = () => [...document.querySelectorAll(".progress-row")].map((row) =>
  [words(row.querySelector(".progress-title")), words(row.querySelector(".progress-answer"))]);

const tell = () => told() && tabs.postMessage({ told: told(), answers: answers() });

tabs.onmessage = (/** @type {MessageEvent<{ told: string, answers: [string, string][] }>} */ { data }) => {
  if (!told() || data.told === told()) return;
  const there = new Map(data.answers);
  const changed = answers().filter(([step, here]) => here && there.get(step) && there.get(step) !== here);
  const what = changed.map(([step, here]) => ` ${step}: ${there.get(step)} there, ${here} on this page.`).join("");
  notice(`Your answers were changed in another tab.${what}${keyIsUnsaved() ? " Save your key before anything else: nothing is done for other answers without asking you." : ""}`, ...showAnew());
};
tell();

/** Whether this page holds a key that is in no file yet: whatever takes the page away takes the key away. */
const keyIsUnsaved = () => Boolean(document.querySelector("browser-key [data-part=unsaved]")?.checkVisibility());

/** A button that draws this page anew, in its document: a key that it holds stays. Not where something would be lost with it. */
function showAnew() {
  const typed = [...document.querySelectorAll("main input:not([type=radio], [type=checkbox], [type=hidden]), main textarea")].some((field) =>
    (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue);
  if (typed || keyIsUnsaved()) return [];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "notice-act";
  button.textContent = "Show them here";
  button.addEventListener("click", () => goTo(location.pathname + location.search, { swap: "outerHTML" }) || location.reload());
  return [button];
}

// ---------------------------------------------------------------- parts that need this script

/** @type {Set<string>} */
const opened = new Set();

/**
 * Unhide what is of use only while this script runs, and put disclosures back as they were.
 *
 * @param {ParentNode} root
 */
function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy-button], [data-show-password]")) button.removeAttribute("hidden");
  for (const details of root.querySelectorAll("details")) {
    if (details.dataset.details && opened.has(details.dataset.details)) details.open = true;
  }
}

// "toggle" does not bubble.
document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!(details instanceof HTMLDetailsElement) || !details.isConnected) return;
  const { details: name, group } = details.dataset;
  // Of several ways to do one thing, one is open.
  if (group && details.open) {
    for (const way of document.querySelectorAll(`[data-group="${group}"]`)) way.toggleAttribute("open", way === details);
  }
  if (!name) return;
  if (details.open) opened.add(name); else opened.delete(name);
}, true);

// ---------------------------------------------------------------- copying

/**
 * Put text on the clipboard. On plain http there is no clipboard interface: select the text and let the browser copy it.
 *
 * @param {Element} source
 */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    source.closest("details")?.setAttribute("open", ""); // nothing folded can be selected
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return document.execCommand("copy");
  }
}

/** @type {WeakMap<Element, { timer: ReturnType<typeof setTimeout>, rest: string }>} */
const copyTimers = new WeakMap();

/** @param {Element} button */
async function copyFrom(button) {
  const source = button.closest("[data-copyable]")?.querySelector("[data-copy]");
  const text = button.querySelector("[data-copy-button-text]");
  if (!source || !text) return;
  const copied = await copy(source);
  const before = copyTimers.get(button);
  const rest = before?.rest ?? text.textContent ?? "";
  text.textContent = copied ? "Copied" : "Selected";
  button.classList.toggle("copy-button-copied", copied);
  button.closest("[data-copyable]")?.setAttribute("data-taken", "");
  announce(copied ? "Copied" : "Selected. Copy it with your keyboard.");
  clearTimeout(before?.timer);
  const timer = setTimeout(() => {
    text.textContent = rest;
    button.classList.remove("copy-button-copied");
  }, 2500);
  copyTimers.set(button, { timer, rest });
}

/** @param {HTMLElement} button */
function togglePassword(button) {
  const field = byId(button.dataset.showPassword ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.textContent = shown ? "Hide" : "Show";
}

/**
 * From a line of the error summary to its field: focus the control (or the first of its group) with its label in view.
 *
 * @param {HTMLAnchorElement} link
 * @param {Event} event
 */
function goToField(link, event) {
  const target = byId(link.hash.slice(1));
  if (!target) return;
  const control = target.matches("input, select, textarea, button") ? target : target.querySelector("input:not([disabled]), select, textarea");
  if (!(control instanceof HTMLElement)) return;
  event.preventDefault();
  (control.closest(".field, .choices") ?? control).scrollIntoView({ block: "start" });
  control.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = targetOf(event, "[data-copy-button]");
  if (button) return void copyFrom(button);
  const show = targetOf(event, "[data-show-password]");
  if (show) return togglePassword(show);
  const link = targetOf(event, ".error-summary a[href^='#']");
  if (link instanceof HTMLAnchorElement) goToField(link, event);
});

// ---------------------------------------------------------------- keys

/**
 * Note on the page when it was answered, for those who come later and measure its clock.
 *
 * @param {number} milliseconds  since 1970, by this computer
 */
function stamp(milliseconds) {
  byId("page")?.setAttribute("data-arrived", String(milliseconds));
}

/**
 * Load the modules for keys, once, on the first page with a place for a key: most pages have none. The document names all of them with
 * their hashes, so that they come together and the browser checks each.
 */
function loadKeys() {
  const finder = document.querySelector("key-finder");
  if (!finder && !document.querySelector("browser-key, browser-test")) return;
  for (const scripts of [byId("key-scripts"), byId("finder-script")]) {
    if (scripts instanceof HTMLTemplateElement) document.head.append(scripts.content);
  }
  Promise.all([import("./key/page.js"), finder && import("./key/find.js")]).catch(() => {
    document.querySelector("browser-key")?.classList.add("key-ways-answered"); // what no script will choose is the person's to choose
    notice("The scripts that make and open keys did not load. Check your connection, then reload this page. Or choose another way.");
  });
}

// ---------------------------------------------------------------- finding

// Typing into a box with data-filters leaves of that list what holds the words typed, and what stands for all the rest.
document.addEventListener("input", (event) => {
  const box = event.target;
  const list = box instanceof HTMLInputElement && box.dataset.filters ? byId(box.dataset.filters) : null;
  if (!list || !(box instanceof HTMLInputElement)) return;
  const wanted = box.value.trim().toLowerCase();
  for (const group of list.children) {
    const items = [...group.querySelectorAll("dd")];
    for (const item of items) item.hidden = !words(item).toLowerCase().includes(wanted) && !item.matches("[data-filter-rest]");
    group.toggleAttribute("hidden", items.every((item) => item.hidden));
  }
  const none = !list.querySelector("dd:not([hidden], [data-filter-rest])");
  document.querySelector(`[data-filter-empty="${list.id}"]`)?.toggleAttribute("hidden", !none);
});

// Enter takes the one that is left; of several it goes to the first.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.isComposing || !(box instanceof HTMLInputElement) || !box.dataset.filters || !box.value.trim()) return;
  const left = byId(box.dataset.filters)?.querySelectorAll("dd:not([hidden], [data-filter-rest]) a");
  if (!(left?.[0] instanceof HTMLElement)) return;
  if (left.length === 1) return left[0].click();
  left[0].focus();
  announce(`${left.length} have this. The first is ${words(left[0])}.`);
});

// A line break in the box for an account would only be in the way: Enter sends it, as in a box of one line. With Shift it is one.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !(box instanceof HTMLTextAreaElement) || box.name !== "account") return;
  event.preventDefault();
  box.form?.requestSubmit();
});

// ---------------------------------------------------------------- files

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.type !== "file") return;
  const note = document.querySelector(`[data-file-note="${CSS.escape(field.id)}"]`);
  const file = field.files?.[0];
  if (!note) return;
  note.toggleAttribute("hidden", !file);
  note.textContent = file ? `Chosen: ${file.name}, ${file.size.toLocaleString("en")} bytes` : "";
  if (file) announce(note.textContent);
});

// ---------------------------------------------------------------- what is not sent

// A box for anything gets private keys and tokens too. A key stays here, and of a token the signature, without which nobody can log in
// with it. Before htmx, and before the browser sends the form by itself.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.neverSends) return;
  const box = form.querySelector("textarea");
  if (!box) return;
  const squeezed = box.value.replace(/\s+/g, "");
  if (form.dataset.neverSends.split(" ").some((sign) => squeezed.includes(sign))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    notice("There is a private key in this. It has not left this page. Take the key out, leave its BEGIN line if you like, and try again.");
    box.focus();
    return;
  }
  box.value = box.value.replace(/[\w.-]+/g, (word) => {
    const [header, claims, signature, ...more] = word.split(".");
    const isToken = header?.startsWith("eyJ") && claims?.startsWith("eyJ") && signature && !more.length;
    return isToken ? `${header}.${claims}.not-sent` : word;
  });
}, { capture: true });

// ---------------------------------------------------------------- no form is sent twice

/** @type {WeakMap<Element, { submitter?: HTMLElement | null, timer: ReturnType<typeof setTimeout> | undefined }>} */
const underWay = new WeakMap();

// A disabled button would lose its name, its value and the focus: it is marked.
/**
 * @param {Element} form
 * @param {HTMLElement | null | undefined} submitter
 * @param {number} milliseconds  after which the form is free again; 0: not by itself
 */
function hold(form, submitter, milliseconds) {
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-disabled", "true");
  underWay.set(form, { submitter, timer: milliseconds ? setTimeout(() => release(form), milliseconds) : undefined });
}

/** @param {Element | undefined} form */
function release(form) {
  const held = form && underWay.get(form);
  if (!held) return;
  clearTimeout(held.timer);
  held.submitter?.removeAttribute("aria-disabled");
  form.removeAttribute("aria-busy");
  underWay.delete(form);
}

// On the way down, before htmx or a key panel hears of it. What is being answered elsewhere on the page isn't asked for again either.
addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  const into = event.target.dataset.hxTarget;
  if (!underWay.has(event.target) && !(into && document.querySelector(into)?.ariaBusy === "true")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// Last of all: what nobody has taken over, the browser sends now. A download leaves the page standing, and the loading of a page
// can be stopped by hand, so these come free again by themselves. Where an answer may take longer, its button says how many seconds.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method === "dialog") return;
  if (form.target === "_blank") form.dataset.taken = "";
  hold(form, event.submitter, Number(event.submitter?.dataset.answeredWithin ?? 8) * 1000);
});

// Who chooses or types something else means another answer, and need not wait for that time to pass.
document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form && underWay.get(form)?.timer) release(form);
});

// What htmx sends is free again when its request has ended.
onHtmx("htmx:before:request", ({ ctx: { sourceEvent, request } }) => {
  if (sourceEvent?.type === "submit" && request.form) hold(request.form, request.submitter, 0);
});

onHtmx("htmx:finally:request", ({ ctx: { sourceEvent, request } }) => {
  if (sourceEvent?.type === "submit") release(request.form);
});

// ---------------------------------------------------------------- htmx

// A plain link under data-swaps replaces the page in place, as htmx has it done by attributes of each link.
document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !(event.target instanceof Element)) return;
  const link = event.target.closest("[data-swaps] a[href]");
  const swap = link?.closest("[data-swaps]")?.getAttribute("data-swaps");
  if (link instanceof HTMLAnchorElement && goTo(link.pathname + link.search, { swap, push: "true" })) event.preventDefault();
});

/**
 * Have htmx replace the page in place. Says whether htmx is there to do it.
 *
 * @param {string} path
 * @param {object} how
 */
function goTo(path, how) {
  const { htmx } = /** @type {Window & { htmx?: { ajax(method: string, path: string, options: object): void } }} */ (window);
  htmx?.ajax("GET", path, { target: "#page", ...how });
  return Boolean(htmx);
}

/**
 * The task that replaces #page, if this swap has one.
 *
 * @param {Task[]} tasks
 */
const pageTask = (tasks) => tasks.find((task) => task.type === "main" && task.target?.id === "page");

// An answer without a #page (a proxy's error page) must not wipe out the page; of a document only #page is wanted.
onHtmx("htmx:before:swap", ({ ctx, tasks }, event) => {
  const task = pageTask(tasks);
  if (!task) {
    // A whole page came for a part of one (a lost cookie, too many tries): it must not be drawn inside this page.
    const whole = tasks.find(({ type, target, fragment }) =>
      type === "main" && target?.parentElement?.closest("#page") && fragment?.querySelector("#page"));
    if (!whole) return;
    event.preventDefault();
    notice(`${words(whole.fragment.querySelector("h1") ?? whole.fragment)}. What you typed is still here. Open this step again to go on.`);
    return;
  }
  const page = task.fragment.querySelector("#page");
  if (!page) {
    event.preventDefault();
    trouble(`The answer could not be shown (HTTP status ${ctx.response?.status ?? "unknown"}).`);
    return;
  }
  const alone = document.createDocumentFragment();
  alone.append(page);
  task.fragment = alone;
  // One step fades into the next, where that is seen gladly and the browser can.
  task.transition = matchMedia("(prefers-reduced-motion: no-preference)").matches;
});

// Posting a page to itself (an answer with errors) is no new place to go back to.
onHtmx("htmx:before:history:update", ({ history: change }) => {
  if (change.path === location.pathname + location.search) change.type = "replace";
});

onHtmx("htmx:after:settle", ({ newContent }) => {
  for (const node of newContent) {
    if (!(node instanceof Element) || !node.isConnected) continue;
    prepare(node.parentElement ?? node);
    if (node.id !== "page") speakOf(node);
  }
});

// Only a swap that took place fires this; by now htmx has scrolled.
onHtmx("htmx:after:swap", ({ ctx }) => {
  // A selector where the answer chose its place itself.
  if (ctx.target !== "#page" && !(ctx.target instanceof Element && ctx.target.id === "page")) return;
  notice(null);
  stamp(Date.now());
  arrive();
  loadKeys();
  tell();
});

onHtmx("htmx:error", ({ ctx }) => {
  if (ctx) trouble("The wizard did not answer.");
});

/** @param {string} what */
function trouble(what) {
  notice(`${what} What you typed is still here. Check your connection, then try again.`);
}

let byMouse = false; // how the page was last acted on

addEventListener("pointerdown", (event) => { byMouse = event.pointerType === "mouse"; }, true);
addEventListener("keydown", () => { byMouse = false; }, true);

/**
 * Where the eyes and the screen reader start on a new page: its problem, if it has one, else its question. Who came by mouse can
 * type at once, where the question is one empty box; on a phone that would lay the keyboard over the page.
 */
function arrive() {
  const problem = document.querySelector("#page [role='alert']:not([hidden], [hidden] *)");
  const label = byMouse && !problem ? document.querySelector("#page .field-label-large") : null;
  const box = label instanceof HTMLLabelElement && label.checkVisibility() ? label.control : null;
  const empty = (box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement) && !box.value;
  const question = document.querySelector("#page h1");
  announce(empty && question ? words(question) : "");
  const place = problem ?? (empty ? box : null) ?? question ?? byId("main");
  if (!(place instanceof HTMLElement)) return;
  if (!place.hasAttribute("tabindex") && place !== box) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

/**
 * Say what a small swap brought: the newest check, else the reading.
 *
 * @param {Element} node
 */
function speakOf(node) {
  /** @param {string} selector */
  const find = (selector) => [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)].pop();
  const check = find("[data-check]");
  if (check) return announce(`${words(check.querySelector(".check-title"))} ${words(check.querySelector(".check-sentence"))}`);
  const reading = find(".reading-title");
  if (reading) announce(words(reading));
}

// ---------------------------------------------------------------- start

// A page out of the back-forward cache may show answers that have changed since.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const [loading] = performance.getEntriesByType("navigation");
stamp(performance.timeOrigin + ((loading instanceof PerformanceNavigationTiming && loading.responseStart) || performance.now()));
prepare(document);
loadKeys();
const summary = document.querySelector("#page .error-summary");
if (summary instanceof HTMLElement) summary.focus({ preventScroll: true });
