"""The container image, as it was built and as it runs: `make image-test`. `make test` leaves these out."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.image.archive import Archive
from tests.image.conftest import Planted, read
from tests.image.engine import HEALTH_CHECK, STOP, Container, Image
from tests.test_cli import make_certificate

pytestmark = pytest.mark.image

USER = 10001
SECRET = "thirty-two characters are enough"
PRIVATE_KEY = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+(?:[\w-]+: [^\r\n]*\s+)*(?:[A-Za-z0-9+/]{60,}\s+){2}", re.ASCII
)


# --- what is in it ----------------------------------------------------------------------------------------------------
def test_it_runs_the_wizard_as_a_user_without_rights_and_knows_its_health_check(archive: Archive) -> None:
    config = archive.config
    assert (config["User"], config["StopSignal"]) == (f"{USER}:{USER}", "SIGTERM")
    assert (config["Entrypoint"], config["Cmd"]) == (["keypair-wizard"], ["serve"])
    assert config["Healthcheck"]["Test"] == ["CMD", *HEALTH_CHECK]


def test_its_user_may_write_to_nothing_but_the_folder_for_temporary_files(archive: Archive) -> None:
    """/dev is the engine's: it lays its own over what the image has there."""
    writable = set()
    for name, entry in archive.files.items():
        rights = 0o002 | (0o200 if entry.uid == USER else 0) | (0o020 if entry.gid == USER else 0)
        if entry.mode & rights and not entry.issym() and not name.startswith("dev/"):
            writable.add(name)
    assert writable == {"tmp"}


def test_nothing_in_it_lends_its_rights_to_whoever_runs_it(archive: Archive) -> None:
    assert [name for name, entry in archive.files.items() if entry.isfile() and entry.mode & 0o6000] == []


def test_everybody_may_read_what_the_wizard_is_made_of(archive: Archive) -> None:
    """Whatever the umask of whoever built it."""
    ours = {name: entry for name, entry in archive.files.items() if PurePosixPath("opt") in PurePosixPath(name).parents}
    assert len(ours) > 500
    assert [name for name, entry in ours.items() if not entry.mode & (0o005 if entry.isdir() else 0o004)] == []


def test_it_holds_nothing_that_installs_or_builds(archive: Archive) -> None:
    commands = (
        r"pip[\d.]*|easy_install.*|wheel|(.*-)?(gcc|g\+\+|cc|c\+\+|cpp|clang|ld|as)(-[\d.]+)?|make|cargo|rustc|go|tcc"
    )
    modules = r"(pip|setuptools|wheel|pkg_resources|ensurepip|_distutils_hack)(-.*)?|.*\.whl"
    found = []
    for name in archive.files:
        folder, _, last = name.rpartition("/")
        if folder.rpartition("/")[2] in {"bin", "sbin"}:
            found += [name] if re.fullmatch(commands, last) else []
        else:
            found += [name] if re.fullmatch(modules, last) and not folder.startswith("usr/share/doc") else []
    assert found == []


def test_its_environment_holds_what_is_pinned_and_the_wizard(archive: Archive) -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    installed = {
        normal(name.rpartition("/")[2].removesuffix(".dist-info"))
        for name, entry in archive.files.items()
        if name.startswith("opt/wizard/") and name.endswith(".dist-info") and entry.isdir()
    }
    pinned = {
        normal(f"{name}-{version}")
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", read("requirements/runtime.txt"), re.MULTILINE)
    }
    assert pinned <= installed
    assert {re.sub(r"-[\d-]+$", "", name) for name in installed - pinned} == {"snowflake-keypair-wizard"}


def test_no_layer_holds_a_secret_or_a_private_key(archive: Archive, planted: Planted) -> None:
    """Neither what the environment of the build held, nor what lay about in its folder."""
    line = planted.private_key.splitlines()[5].encode()
    assert PRIVATE_KEY.search(planted.private_key.encode()), "the expression finds no key"
    assert planted.secret not in archive.configuration
    looked_at, leaks = 0, []
    for where, content in archive.everything():
        looked_at += 1
        # Compiled libraries bring the keys that they test themselves with (GnuTLS does).
        key = not content.startswith(b"\x7fELF") and PRIVATE_KEY.search(content)
        if key or planted.secret.encode() in content or line in content:
            leaks.append(where)
    assert leaks == []
    assert looked_at > 2000


def test_its_environment_is_small(archive: Archive) -> None:
    assert archive.size("opt/wizard") < 80_000_000


# --- how it starts ----------------------------------------------------------------------------------------------------
def test_it_refuses_to_start_without_a_secret_key_and_says_how_to_make_one(image: Image) -> None:
    ran = image.run()
    assert ran.returncode == 2
    assert "In a container the wizard needs WIZARD_SECRET_KEY" in ran.stderr
    assert "This command makes one: python3 -c " in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


def test_it_is_not_healthy_where_nobody_answers(image: Image) -> None:
    ran = image.run(*HEALTH_CHECK, WIZARD_PORT="9")
    assert ran.returncode == 1
    assert "healthcheck: " in ran.stderr
    assert "Traceback" not in ran.stderr


# --- how it runs ------------------------------------------------------------------------------------------------------
def readme_flags() -> list[str]:
    """Return what the README adds to `docker run` to harden it."""
    found = re.search(
        r"docker run -p 8080:8080 (--read-only (?:.*\\\n)*.*) -e WIZARD_SECRET_KEY=… keypair-wizard", read("README.md")
    )
    assert found is not None
    return shlex.split(found[1].replace("\\\n", " "))


@pytest.fixture(scope="module")
def hardened(image: Image) -> Iterator[Container]:
    """The wizard as the README's second line runs it; where the engine can't confine it, with nothing but a secret."""
    flags = readme_flags() if image.is_confined else []
    if image.engine[0] == "podman":
        flags.append("--read-only-tmpfs=false")  # Podman's own folders to write to; the README says so
    with image.serving(*flags, WIZARD_SECRET_KEY=SECRET) as container:
        yield container


@pytest.fixture
def confined(hardened: Container, image: Image) -> Container:
    if not image.is_confined:
        pytest.skip("buildah's chroot knows no read-only root and no limits: Docker or Podman is needed to see them")
    return hardened


FETCH = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
    print(answer.status, answer.read().decode())
"""


def test_it_serves_whole_pages_on_every_address_of_the_container(hardened: Container) -> None:
    assert hardened.ask(FETCH, f"http://127.0.0.2:{hardened.port}/healthz") == "200 ok"
    page = hardened.ask(FETCH, f"http://127.0.0.1:{hardened.port}/")
    assert page.startswith("200 <!doctype html>")
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style is not None
    assert hardened.ask(FETCH, f"http://127.0.0.1:{hardened.port}{style[1]}").startswith("200 ")


PROCESSES = """
import json, pathlib
found = []
for process in pathlib.Path("/proc").glob("[0-9]*"):
    command = (process / "cmdline").read_bytes().decode().split("\\0")
    if any(part.endswith("/keypair-wizard") for part in command):
        found.append(dict(line.split(":\\t", 1) for line in (process / "status").read_text().splitlines()))
print(json.dumps(found))
"""


def test_all_of_it_runs_as_uid_10001(hardened: Container) -> None:
    processes = json.loads(hardened.ask(PROCESSES))
    assert len(processes) >= 2, "one that watches and one that serves"
    for process in processes:
        assert process["Uid"].split() == process["Gid"].split() == [str(USER)] * 4
        assert set(process["Groups"].split()) <= {str(USER)}
        assert int(process["CapEff"], 16) == int(process["CapPrm"], 16) == 0


def test_hardened_it_can_gain_no_right(confined: Container) -> None:
    for process in json.loads(confined.ask(PROCESSES)):
        assert int(process["CapBnd"], 16) == 0
        assert process["NoNewPrivs"] == "1"


WRITABLE = """
import json, os
found = {}
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys")]
    for name in [".", *files]:
        path = os.path.normpath(os.path.join(folder, name))
        device = path.startswith("/dev/") and not os.path.isdir(path)
        if not os.path.islink(path) and not device and os.access(path, os.W_OK):
            found[path] = bool(os.statvfs(path).f_flag & os.ST_NOEXEC)
print(json.dumps(found))
"""


def test_hardened_nothing_can_be_written_but_temporary_files_which_cannot_be_run(confined: Container) -> None:
    """The folders of /dev are made by the engine: shared memory and message queues, which the wizard does not use."""
    writable = json.loads(confined.ask(WRITABLE))
    assert {"/tmp"} <= writable.keys() <= {"/tmp", "/dev/shm", "/dev/mqueue"}  # noqa: S108
    assert set(writable.values()) == {True}, "a file that was written there could be run"


def test_hardened_it_may_open_as_many_files_as_the_readme_says(confined: Container) -> None:
    flags = readme_flags()
    told = next(flag for flag in flags if flag.startswith("nofile="))
    limit = confined.ask("import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE), sep=':')")
    assert f"nofile={limit}" == told


HOLD = """
import os, socket, sys, time
children = [os.fork() for _ in range(3)]
if 0 not in children:
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
held = [socket.create_connection(("127.0.0.1", 8080), timeout=10) for _ in range(80)]
time.sleep(1)
"""


def test_more_connections_than_it_may_have_open_do_not_end_it(image: Image) -> None:
    if not image.is_confined:
        pytest.skip("buildah's chroot knows no limits: Docker or Podman is needed")
    with image.serving("--ulimit", "nofile=128:128", WIZARD_SECRET_KEY=SECRET) as container:
        container.ask(HOLD)
        container.wait_until_healthy()
        assert container.runs
        assert "Traceback" not in container.said()


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.3"])
def test_its_health_check_speaks_https_where_the_wizard_does_and_asks_where_it_listens(
    host: str, image: Image, tmp_path: Path, rsa_2048: rsa.RSAPrivateKey
) -> None:
    """Certificate, key and secret key come as files, which its user has to be able to read."""
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    for path in (tmp_path, tmp_path / "secret", *make_certificate(tmp_path, rsa_2048)):
        path.chmod(path.stat().st_mode | 0o055)
    files = {
        "WIZARD_SECRET_KEY_FILE": "/files/secret",
        "WIZARD_TLS_CERTIFICATE": "/files/certificate.pem",
        "WIZARD_TLS_KEY": "/files/key.pem",
    }
    told = {"WIZARD_HOST": host, "WIZARD_PUBLIC_URL": "https://keys.example.com"}
    with image.serving("--volume", f"{tmp_path}:/files:ro", **told, **files) as container:
        assert container.is_healthy
        assert "https://keys.example.com" in container.said()


# --- how it stops -----------------------------------------------------------------------------------------------------
HELD = r"""
import socket, sys, time
def sent(request):
    line = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
    line.sendall(request.replace(b"\n", b"\r\n"))
    return line
held = [
    sent(b""),
    sent(b"POST /start-over HTTP/1.1\nHost: localhost\nContent-Length: 1000\n\nhalf of it"),
    sent(b"GET /healthz HTTP/1.1\nHost: localhost\n\n"),
]
print(held[-1].recv(100), flush=True)
time.sleep(60)
"""


def test_it_ends_within_five_seconds_of_sigterm_and_has_told_no_secret(image: Image) -> None:
    """Also while somebody's browser keeps a connection, and somebody else sends half a request."""
    assert STOP <= 5
    with image.serving(WIZARD_SECRET_KEY=SECRET) as container:
        with container.beside(HELD, str(container.port)) as said:
            assert "HTTP/1.1 200" in said
            assert container.stop() == 0
        told = container.said()
    assert "Practice Snowflake: off" in told
    assert SECRET not in told
    assert "Traceback" not in told
