/*
 * The specification that this page and the server read keys by: limits, labels, object identifiers, patterns, words.
 *
 * May: fetch the public tables from this server, once, and compile the patterns among them.
 * May not: see a key or a passphrase, touch the page, or send anything.
 *
 * The tables are wizard/snowflake/key/specification.json, key_words.json and key_notes.json, sent as they stand. They
 * are fetched when a key is first made or opened, and not with every page. Whoever needs them calls load() and waits.
 */

/**
 * What the files hold. The tables of Named are read by name; the others are looked up by what a key file says.
 *
 * @typedef {typeof import("../../../wizard/snowflake/key/specification.json")} Specification
 * @typedef {Pick<Specification, "blanks" | "oids" | "private_kinds" | "writing">} Named
 * @typedef {Omit<Specification, keyof Named | "limits" | "patterns">} LookedUp
 * @typedef {Named & { [T in keyof LookedUp]: Record<string, LookedUp[T][keyof LookedUp[T]]> }} Tables
 * @typedef {keyof Specification["limits"]} Limit
 * @typedef {keyof Specification["patterns"]} Pattern
 * @typedef {{ cause: string, blames: string, message: string, fix: string, command: string }} Words
 * @typedef {{ specification: Specification, problems: Record<string, Words>, notes: Record<string, string> }} Told
 */

const ADDRESS = "/keys/words.json";

/** The numbers that nothing may exceed, by name: those of the browser where the server's are lower. */
export const limits = /** @type {Record<Limit, number>} */ ({});
/** Compiled regular expressions, by name: for the whole or the start of a text where their row says `at`. */
export const patterns = /** @type {Record<Pattern, RegExp>} */ ({});
/** The rest of specification.json, by name. */
export const tables = /** @type {Tables} */ ({});
/** What can be wrong with a key, and what was mended in reading one: code to words. */
export const problems = /** @type {Told["problems"]} */ ({});
export const notes = /** @type {Told["notes"]} */ ({});

/** The tables did not come. */
export class NotLoaded extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "NotLoaded";
  }
}

/** @type {Promise<void> | null} */
let loading = null;

/** Wait until the tables are there. Throws NotLoaded; the next call tries again. */
export function load() {
  loading ??= fetchTables().catch((problem) => {
    loading = null;
    throw problem;
  });
  return loading;
}

async function fetchTables() {
  const answer = await fetch(ADDRESS, { credentials: "same-origin" }).catch((problem) => {
    throw new NotLoaded(problem.message);
  });
  if (!answer.ok) throw new NotLoaded(`HTTP ${answer.status}`);
  /** @type {Told} */
  const told = await answer.json();
  Object.assign(problems, told.problems);
  Object.assign(notes, told.notes);
  const { limits: numbers, patterns: expressions, ...others } = told.specification;
  fill(limits, numbers, (row) => ("both" in row ? row.both : row.browser));
  fill(patterns, expressions, compiled);
  Object.assign(tables, others);
}

/**
 * @template Row, Made
 * @param {Record<string, Made>} place
 * @param {Record<string, Row>} table
 * @param {(row: Row) => Made} made
 */
function fill(place, table, made) {
  for (const [name, row] of Object.entries(table)) place[name] = made(row);
}

/**
 * Without "u" where case is ignored: with it "ſ" would count as an "s".
 *
 * @param {{ pattern: string, at?: string, any_case?: boolean }} row
 */
function compiled({ pattern, at, any_case: anyCase }) {
  const anchored = at ? `^(?:${pattern})${at === "whole" ? "$" : ""}` : pattern;
  return new RegExp(anchored, (anyCase ? "i" : "u") + (at ? "" : "g"));
}

/* ---- using the patterns ---- */

/** @type {(name: Pattern, text: string) => boolean} */
export const matches = (name, text) => text.search(patterns[name]) >= 0;
/** @type {(name: Pattern, text: string) => RegExpExecArray | undefined} */
export const first = (name, text) => text.matchAll(patterns[name]).next().value;
/** @type {(name: Pattern, text: string) => RegExpExecArray[]} */
export const every = (name, text) => [...text.matchAll(patterns[name])];
/** @type {(name: Pattern, text: string, by: string | ((found: string, group: string) => string)) => string} */
export const replaced = (name, text, by) => text.replace(patterns[name], typeof by === "string" ? () => by : by);
