/*
 * The token that Snowflake takes in place of a password: a JWT, signed in the page, good for 60 seconds.
 *
 * May: write the claims and have them signed by whoever holds the key.
 * May not: see the key, keep the token, read the clock by itself, touch the page, or send anything.
 */

import { toBase64 } from "./base64.js";

export const LIFETIME_SECONDS = 60;
export const ALLOWED_SKEW_SECONDS = 30;

const HEADER = { alg: "RS256", typ: "JWT" };
/** @param {Uint8Array} bytes */
const base64url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
/** @param {object} value */
const part = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));

/**
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>} sign  makes the RS256 signature
 * @param {{subject: string, fingerprint: string}} login     "MYORG-MY_ACCT.JANE" as the server computed it; "SHA256:…" of the key that signs
 * @param {number} now                                       epoch seconds, by Snowflake's clock as well as we know it
 */
export async function signToken(sign, { subject, fingerprint }, now) {
  const issued = Math.floor(now);
  const claims = { iss: `${subject}.${fingerprint}`, sub: subject, iat: issued, exp: issued + LIFETIME_SECONDS };
  const signed = `${part(HEADER)}.${part(claims)}`;
  const signature = await sign(new TextEncoder().encode(signed));
  return `${signed}.${base64url(signature)}`;
}

/**
 * A clock corrected by what is known of better ones.
 *
 * @param {{ server: number, here: number, snowflakeAhead?: number }} known
 *   server: epoch seconds by the wizard's server when it wrote the page
 *   here: epoch seconds by this computer at about that moment
 *   snowflakeAhead: by how many seconds Snowflake's clock was seen to be ahead of the server's (0 when not measured)
 * @returns {Readonly<{ behind: number, now: (here: number) => number, isOff: boolean }>}
 *   behind: by how many seconds this computer's clock is behind (negative: ahead)
 */
export function correctedClock({ server, here, snowflakeAhead = 0 }) {
  const behind = Number.isFinite(server) && server > 0 ? server + snowflakeAhead - here : 0;
  return Object.freeze({ behind, isOff: Math.abs(behind) > ALLOWED_SKEW_SECONDS, now: (time) => time + behind });
}
