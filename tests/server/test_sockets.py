"""How many connections there may be, and how they end."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys

import pytest

from wizard.server.sockets import MOST_CONNECTIONS, READ_SECONDS, hang_up_on_who_does_not_read, most_connections


@pytest.mark.parametrize("asked", [64, 1024])
def test_the_limit_of_open_files_is_raised_as_far_as_the_system_allows(asked: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    script = "from wizard.server.sockets import raise_file_limit; print(raise_file_limit())"
    ran = subprocess.run(
        ["sh", "-c", f'ulimit -S -n {asked} && exec "$@"', "sh", sys.executable, "-c", script],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert int(ran.stdout) > asked
    assert hard == resource.RLIM_INFINITY or int(ran.stdout) <= hard


def test_connections_leave_files_for_the_tests_that_run() -> None:
    assert most_connections(1_000_000, 600) == MOST_CONNECTIONS
    assert most_connections(4096, 600) == 4096 - 1328
    assert most_connections(1024, 600) == 512
    assert most_connections(100, 600) == 64


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="an option of Linux")
def test_who_does_not_read_an_answer_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hang_up_on_who_does_not_read()
        with socket.create_connection(listener.getsockname()) as theirs, listener.accept()[0] as ours:
            for option, expected in ((ours, READ_SECONDS * 1000), (theirs, 0)):
                assert option.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == expected
