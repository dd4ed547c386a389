"""The text of a key, damaged or mistaken on its way to the program."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import Explanation, says, unlike

_PYTHON, _GO, _JAVA, _NODE, _NET = "Python connector", "Go", "JDBC", "Node.js", ".NET"
_TERRAFORM, _RUST = "Terraform", "Python connector"
_NOT_PEM = "Could not parse private key, key is not in PEM format"
_ONE_LINE = "The text has one line, or holds the two characters \\n."

EXPLAINED = {
    "key-newlines-lost": Explanation(
        (
            unlike("key-markers-missing", "The text has its lines, and no BEGIN line."),
            unlike("key-encoding", "The text holds no hyphens: it is base64 or DER, and the tool wants PEM."),
            unlike("key-is-path", "The text is short and ends in .p8, .pem or .key."),
            unlike("key-stray-characters", "The text has its lines, with quotation marks, blanks or commas around."),
        ),
        "Give the tool the path of a file. Where only text fits, store the key as base64 in one line and decode it.",
        (
            *says(_TERRAFORM, _NOT_PEM),
            *says("Airflow", "Could not deserialize key data."),
            *says(_RUST, "Unable to load PEM file. InvalidData(InvalidByte(64, 32))"),
            *says(_JAVA, "java.lang.IllegalArgumentException: Illegal base64 character 20"),
            *says(_NODE, "error:1E08010C:DECODER routines::unsupported"),
            *says(_NET, "270008: Connection string is invalid: Format of the initialization string does not conform"),
        ),
        ("https://github.com/apache/airflow/issues/49575",),
    ),
    "key-markers-missing": Explanation(
        (
            unlike("key-newlines-lost", _ONE_LINE),
            unlike("key-encoding", "The text is base64 on purpose, and the tool wants PEM."),
            unlike("key-truncated", "The BEGIN line is there, and the END line is not."),
        ),
        "Copy files as files. In a secret store, keep the whole text, its first and last line included.",
        (
            *says(_RUST, "Unable to load PEM file. MalformedFraming"),
            *says(_TERRAFORM, _NOT_PEM),
            *says(_NODE, "error:0909006C:PEM routines:get_name:no start line"),
        ),
        ("https://github.com/snowflakedb/terraform-provider-snowflake/issues/2899",),
    ),
    "key-is-path": Explanation(
        (
            unlike("key-file-missing", "The message names a path that you wrote as a path, and the setting takes one."),
            unlike("key-newlines-lost", "The value in the setting begins with five hyphens: it is the key."),
            unlike("key-empty", "The setting is empty."),
        ),
        "Look at the name of the setting: what ends in _file or _path takes a path, the others take the key.",
        (
            *says(_TERRAFORM, _NOT_PEM),
            *says(_PYTHON, "OSError: [Errno 36] File name too long: '-----BEGIN PRIVATE KEY-----'"),
        ),
    ),
    "key-stray-characters": Explanation(
        (
            unlike("key-newlines-lost", _ONE_LINE),
            unlike("key-markers-missing", "There is no BEGIN line, not even behind a quotation mark."),
            unlike("key-truncated", "Nothing odd stands in the text, and it ends too early."),
        ),
        "Copy files as files, and not by way of a settings file that quotes or indents them.",
        (
            *says(_TERRAFORM, _NOT_PEM),
            *says(_RUST, "Unable to load PEM file."),
        ),
    ),
    "key-file-missing": Explanation(
        (
            unlike("key-file-unreadable", "The message says permission denied: the file is there."),
            unlike("key-is-path", "The message shows the key itself where a file name belongs."),
            unlike("key-empty", "No path is in the message."),
        ),
        "Write whole paths into settings, and mount the key into the container at the path that the settings name.",
        (
            *says(_PYTHON, "FileNotFoundError: [Errno 2] No such file or directory"),
            *says("Python connector 5", "No such file or directory (os error 2)"),
            *says(_NODE, "ENOENT: no such file or directory, open"),
            *says(_GO, "open rsa_key.p8: no such file or directory"),
            *says(_NET, "Could not find file"),
        ),
    ),
    "key-file-unreadable": Explanation(
        (
            unlike("key-file-missing", "The message says no such file."),
            unlike("config-permissions", "The message names the settings file, and not the key."),
        ),
        "Make the folder and the key file with the account that runs the tool, and set the permissions there and then.",
        (
            *says(_PYTHON, "PermissionError: [Errno 13] Permission denied"),
            *says(_NODE, "EACCES: permission denied, open"),
            *says("Snowflake CLI", "has too wide permissions"),
        ),
    ),
}
