/*
 * KeyProblem: the one error of these modules, and how it is put into words.
 *
 * May: carry a code and the few public values its sentence names (a size, a count, a label).
 * May not: carry key material or a passphrase, touch the page, or send anything.
 *
 * The words are not here. They stand in one table that the server uses too, so that a damaged file has one name
 * wherever it is met.
 */

import { problems } from "./specification.js";

export class KeyProblem extends Error {
  /**
   * @param {string} code    a row of the table of words
   * @param {Record<string, string | number | undefined>} values  what the row's {placeholders} stand for
   */
  constructor(code, values = {}) {
    super(code);
    this.name = "KeyProblem";
    this.code = code;
    this.values = values;
  }
}

const FILLED = /** @type {const} */ (["message", "fix", "command"]);

/**
 * The row of the table for this problem, placeholders filled.
 *
 * @param {KeyProblem} problem
 * @returns {import("./specification.js").Words & { code: string }}
 */
export function inWords(problem) {
  const row = problems[problem.code];
  if (!row) throw new Error(`No words for ${problem.code}`);
  /** @type {KeyProblem["values"]} */
  const values = { half: "private key", ...problem.values };
  const words = { ...row, code: problem.code };
  for (const field of FILLED) {
    words[field] = row[field].replace(/\{([a-z_]{1,20})\}/g, (all, name) => String(values[name] ?? all));
  }
  return words;
}
