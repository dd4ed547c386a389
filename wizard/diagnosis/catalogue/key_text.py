"""The text of a key, damaged or mistaken on its way to the program."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import (
    CONFIGURING_CLIENTS,
    DOTNET_STRING,
    GENERIC_JAVA,
    KEY_PAIR,
    NODE_FORMAT,
    NOT_A_PEM,
    PRIVATE_KEY,
    SNOWFLAKE_CLI,
    VAGUE,
)
from wizard.diagnosis.cause import Cause, says, you

_PYTHON_FAQ = "https://cryptography.io/en/latest/faq/#why-can-t-i-import-my-pem-file"

CAUSES = (
    Cause(
        "key-newlines-lost",
        "The key has lost its line breaks",
        "A PEM key is a text of several lines. Environment variables, web forms and JSON files often turn "
        "the line breaks into blanks, into the two characters \\n, or into nothing. "
        "Then the reader no longer sees where the key begins.",
        (
            you(
                "Open the key in this wizard, where it asks for the key pair: it repairs the line breaks and gives "
                "you a proper file. Then let the tool read that file."
            ),
            you(
                "Where only one line fits, use the base64 form of the key if the tool has a field for it, "
                "or write the line breaks as the tool's manual says."
            ),
        ),
        "https://github.com/snowflakedb/terraform-provider-snowflake/issues/853",
        (
            says(66, r"not in pem format"),
            says(60, r"tf_var|environment variable|env var|through (?:an? )?env", r"\bkey"),
            says(62, r"could not deserialize key data|unable to deserialize"),
            says(74, r"no start line"),
            says(
                88,
                NOT_A_PEM,
                r"\bui\b|environment|env var|\benv\b|secret|variable|tf_var|github action|newline|\\n|saving|form\b",
            ),
            says(94, r"invalidbyte\(\d{1,6}, (?:32|92)\)|illegal base64 character:? (?:20|5c|a\b|d\b|0a|0d)"),
            says(92, r"invalid characters encountered in base64"),
            says(
                88,
                r"newlines?|line ?breaks?|line endings?|multi-?line|one line|single.line|\\\\n|escaped \\n|"
                r"literal \\n|carriage",
                PRIVATE_KEY + r"|pem\b|key\b",
            ),
            says(84, r"format of the initialization string|connection string is invalid"),
            says(82, DOTNET_STRING),
            says(76, r"not a valid base-?64 string|non-base ?64 character"),
            says(64, NODE_FORMAT),
            says(62, r"why-can-t-i-import-my-pem-file"),
            says(52, r"malformedframing|1e08010c|decoder routines::unsupported"),
            says(43, VAGUE),
            says(36, r"illegal base64|incorrect padding"),
            says(30, GENERIC_JAVA),
        ),
    ),
    Cause(
        "key-markers-missing",
        "The BEGIN and END lines of the key are missing",
        "Programs that read PEM look for the lines -----BEGIN PRIVATE KEY----- and -----END PRIVATE "
        "KEY-----. Without them, or with fewer than five hyphens, the rest is "
        "not recognised as a key.",
        (you("Copy the whole file, from the first hyphen of the BEGIN line to the last hyphen of the END line."),),
        _PYTHON_FAQ,
        (
            says(56, r"not in pem format|could not deserialize key data"),
            says(45, r"tf_var|environment variable|env var", r"\bkey"),
            says(72, r"no start line"),
            says(88, r"malformedframing"),
            says(
                86,
                r"(?:missing|without|no|lost|trimmed|strip\w{0,5}|removed|remove|include|"
                r"includ\w{1,4}) (?:the )?.{0,20}(?:begin|header|footer|dashes|markers?|delimiters?|armou?r|-----)",
            ),
            says(
                80,
                r"pem block|no pem|find pem|valid pem|decode pem|pem data|pem (?:header|footer)|pem_read|pem lib|"
                r"no key found|no supported data to decode|not a pem|pem file",
            ),
            says(60, r"why-can-t-i-import-my-pem-file"),
            says(40, VAGUE),
        ),
    ),
    Cause(
        "key-stray-characters",
        "Something that is no part of the key stands in its text",
        "Quotation marks, indents, a comma, the word export or an unseen mark at the start of the file came along when "
        "the key was copied. The key itself is whole, but the reader stops at what does not belong.",
        (
            you(
                "Open the key in this wizard, where it asks for the key pair: it takes away what does not belong, "
                "says what it was, and gives you a proper file. Then let the tool read that file."
            ),
            you(
                "By hand: the first characters are five hyphens, the last ones too, and no line begins with a blank or "
                "ends with a quotation mark or a comma. Save the file as plain text, UTF-8 without BOM."
            ),
        ),
        _PYTHON_FAQ,
    ),
    Cause(
        "key-is-path",
        "A file name stands where the key itself belongs, or the reverse",
        "Most tools have two settings: one for the path of the key file and one for the content of the key. "
        "They have similar names, and the value went into the wrong one, or the "
        "file does not exist where the tool runs.",
        (
            you(
                "Put a path into the setting that ends in _file or _path, and the text of the key into the "
                "other. Set only one of the two."
            ),
            you("Check that the path exists on the machine, or inside the container, where the tool runs."),
        ),
        KEY_PAIR,
        (
            says(46, r"not in pem format"),
            says(
                90,
                r"no such file|filenotfound|enoent|cannot find the (?:file|path)|could not find file|"
                r"file (?:does ?n[o']t exist|not found)|not a file",
                PRIVATE_KEY + r"|key",
            ),
            says(
                90,
                r"file name too long|filename too long|enametoolong|path too long",
                PRIVATE_KEY + r"|begin|key|errno",
            ),
            says(
                86,
                r"(?:path|file ?name) (?:instead|where|passed|given|in the|as the|rather)|(?:path|"
                r"file ?name)\b.{0,30}\b(?:content|key itself)",
            ),
            says(70, r"private_?key[\"']? ?[=:] ?[\"']?(?:[a-z]:\\|/|~/|\./)"),
        ),
    ),
    Cause(
        "key-file-missing",
        "There is no key file at this path",
        "The tool looked for the file at the path it was given and found none, or a folder. A path that does not begin "
        "at the root is looked up from the folder where the tool was started, and many tools take ~ and $HOME as they "
        "are written.",
        (
            you(
                "Write the whole path, from the root on: /home/jane/.snowflake/keys/rsa_key.p8, with no ~ and no $HOME."
            ),
            you(
                "Look at it as the tool does: on the machine, or inside the container, where the tool runs, and with "
                "the account that it runs under."
            ),
        ),
        CONFIGURING_CLIENTS,
    ),
    Cause(
        "key-file-unreadable",
        "The tool may not read the key file",
        "The file is there, but the account that the tool runs under has no right to open it. Some tools "
        "also refuse a file that others may read.",
        (
            you(
                "Give the file to the account that runs the tool, and to nobody else. On Linux and macOS:",
                command="sudo chown <ACCOUNT> rsa_key.p8 && sudo chmod 600 rsa_key.p8",
            ),
        ),
        SNOWFLAKE_CLI,
        (
            says(
                88,
                r"permission denied|access (?:to the path )?.{0,120}is denied|eacces|errno 13",
                PRIVATE_KEY + r"|key",
            ),
            says(80, r"permissions? .{0,60}too (?:open|wide|broad)|bad owner or permissions"),
        ),
    ),
)
