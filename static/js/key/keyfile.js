/*
 * What stands inside an RSA key file once its armour and its cipher are off: PKCS#8, PKCS#1 and the public twin.
 *
 * May: read numbers and shapes out of DER, wrap one shape in another, compute a fingerprint (SHA-256 of public bytes).
 * May not: decrypt, sign, keep anything, touch the page, or send anything.
 */

import * as der from "./der.js";
import { encode } from "./pem.js";
import { KeyProblem } from "./problem.js";

const RSA = "1.2.840.113549.1.1.1";
const OTHER_KINDS = {
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10045.2.1": "EC",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.113549.1.3.1": "DH",
  "1.3.101.110": "X25519",
  "1.3.101.111": "X448",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};
export const FEWEST_BITS = 2048;
export const MOST_BITS = 8192;
