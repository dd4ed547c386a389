/*
 * What app.js loads on a page with a place for a key: the three elements of keys made or opened in the browser. Each is a
 * module with a header of its own, and all of them together are the whole of what touches a private key.
 *
 *   step.js   <browser-key>    the key step: make, open, save          makes use of   make.js, passphrase.js, save.js
 *   test.js   <browser-test>   the test step: sign a token                            token.js
 *   forget.js <held-key>       the strip with "Forget this key"
 *   both open files through    open.js  ←  pem.js, damage.js, base64.js    from bytes and text to DER
 *                                       ←  rsa.js, der.js, public.js       from DER to numbers
 *                                       ←  pbes.js, des.js, md5.js         from a passphrase to DER
 *   the key's face is made by  face.js
 *   and read by the rules of   specification.js, problem.js: the server's own, in wizard/snowflake/key/
 *   all hold the key in        held.js, and nowhere else
 */

import "./step.js";
import "./test.js";
import "./forget.js";
