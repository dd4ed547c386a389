/*
 * The specification that this page and the server read keys by: limits, labels, object identifiers, patterns, words.
 *
 * May: fetch the public tables from this server, once, and compile the patterns among them.
 * May not: see a key or a passphrase, touch the page, or send anything.
 *
 * The tables are wizard/snowflake/key/specification.json, key_words.json and key_notes.json, sent as they stand. They
 * are fetched when a key is first made or opened, and not with every page. Whoever needs them calls load() and waits.
 */

const ADDRESS = "/keys/words.json";

/** The numbers that nothing may exceed, by name: those of the browser where the server's are lower. */
export const limits = {};
/** Compiled regular expressions, by name: for the whole or the start of a text where their row says `at`. */
export const patterns = {};
/** The rest of specification.json, by name. */
export const tables = {};
/** What can be wrong with a key, and what was mended in reading one: code to words. */
export const problems = {};
export const notes = {};

/** The tables did not come. */
export class NotLoaded extends Error {
  constructor(message) {
    super(message);
    this.name = "NotLoaded";
  }
}

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
  const told = await answer.json();
  Object.assign(problems, told.problems);
  Object.assign(notes, told.notes);
  for (const [name, table] of Object.entries(told.specification)) {
    if (name === "limits") fill(limits, table, (row) => row.both ?? row.browser);
    else if (name === "patterns") fill(patterns, table, compiled);
    else tables[name] = table;
  }
}

function fill(place, table, made) {
  for (const [name, row] of Object.entries(table)) place[name] = made(row);
}

/* Without "u" where case is ignored: with it "ſ" would count as an "s". */
function compiled({ pattern, at, any_case: anyCase }) {
  const anchored = at ? `^(?:${pattern})${at === "whole" ? "$" : ""}` : pattern;
  return new RegExp(anchored, (anyCase ? "i" : "u") + (at ? "" : "g"));
}

/* ---- using the patterns ---- */

export const matches = (name, text) => text.search(patterns[name]) >= 0;
export const first = (name, text) => text.matchAll(patterns[name]).next().value;
export const every = (name, text) => [...text.matchAll(patterns[name])];
export const replaced = (name, text, by) => text.replace(patterns[name], by);
