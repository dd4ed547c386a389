"""What OpenSSL says of a key: its program, its library below Node.js and others, and ssh-keygen, which is built on it.

Read in openssl 3.0 (apps/lib/apps.c, apps/pkcs8.c, crypto/pem, crypto/store), in 1.1.1 and LibreSSL 3, whose words
differ, and in OpenSSH 9 (ssh-keygen.c, authfile.c); version 3.0.19 was run with each of these mistakes in autumn 2026.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import FIRST_LINE, PASSPHRASE

SENTENCES = (
    alone(
        "passphrase-wrong",
        "A passphrase was given, and it is not the one of this key.",
        r"maybe wrong password|incorrect passphrase supplied|pkcs12[_ ]cipherfinal[_ ]error",
    ),
    alone(
        "passphrase-missing",
        "OpenSSL asked for a passphrase, and was given none.",
        r"interrupted_or_cancelled|interrupted or cancelled|07880109|unable to get passphrase|error reading password|"
        r"problems getting password|bad password read|no password specified",
    ),
    either(
        "passphrase-wrong passphrase-missing",
        "OpenSSL could not decrypt the key: with another passphrase, or with none.",
        r"1c800064|06065064|routines::bad decrypt|error decrypting key|:bad decrypt:",
        settles=PASSPHRASE,
    ),
    alone(
        "key-cipher",
        "OpenSSL 3 no longer opens a key that is encrypted in this old way.",
        r"0308010c|digital envelope routines::unsupported|unknown pbe algorithm|unsupported (?:prf|cipher|encryption)",
    ),
    either(
        "key-newlines-lost key-stray-characters key-truncated key-markers-missing key-is-public key-encoding key-empty "
        "key-openssh",
        "OpenSSL found no key that it can read in the text.",
        r"1e08010c|decoder routines::unsupported|no supported data to decode",
        settles=FIRST_LINE,
    ),
    either(
        "key-markers-missing key-newlines-lost key-is-public key-encoding key-stray-characters key-empty",
        "OpenSSL looks for the line that a PEM key begins with, and did not find it.",
        r"no start line|0909006c|09fff06c|expecting: (?:any )?private key",
        settles=FIRST_LINE,
    ),
    either(
        "key-stray-characters key-truncated key-newlines-lost",
        "OpenSSL met something in the body of the key that is none of base64.",
        r"bad base64 decode",
        settles=FIRST_LINE,
    ),
    either(
        "key-truncated key-newlines-lost key-markers-missing",
        "OpenSSL did not find the line that a PEM key ends with, as it should be.",
        r"pem routines.{0,40}bad end line|0908f066",
        settles=FIRST_LINE,
    ),
    either(
        "key-truncated key-stray-characters key-encoding key-is-public",
        "What stands in the body is no whole key.",
        r"asn1 encoding routines.{0,60}(?:wrong tag|too long|not enough data|nested asn1 error|bad object header)",
        settles=FIRST_LINE,
    ),
    either(
        "key-markers-missing key-newlines-lost key-truncated key-is-public key-stray-characters passphrase-wrong",
        "OpenSSL could not read a key from the file. The lines below it, where there are any, say why.",
        r"could not (?:read|find) (?:any )?(?:private |public )?key|unable to load (?:private |public )?key",
        settles=FIRST_LINE,
        vague=True,
    ),
)
