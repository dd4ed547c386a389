"""Runs Python programs one after another, each in a fork of a process that has imported the heavy modules already.

Run by the Python of a client's environment, not by ours; it may use nothing but the standard library. Arguments are the
modules to import. A line of JSON comes in for each program, one goes out when it has ended.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path


def main() -> None:
    for module in sys.argv[1:]:
        __import__(module)
    print("ready", flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            run(job)
        print(json.dumps({"code": wait(child, job["seconds"])}), flush=True)


def wait(child: int, seconds: float) -> int:
    """Return how the program ended; -1 where it was stopped after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def run(job: dict) -> None:
    """Become the program; never returns."""
    os.setsid()
    out = os.open(job["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    sys.argv = job["command"]
    program = Path(sys.argv[0])
    sys.path.insert(0, str(program.parent))
    code = 1
    try:
        compiled = compile(program.read_text(), str(program), "exec")
        exec(compiled, {"__name__": "__main__", "__file__": str(program)})  # noqa: S102
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        if isinstance(ending.code, str):
            print(ending.code, file=sys.stderr)
    except BaseException as error:  # noqa: BLE001
        own = error.__traceback__
        traceback.print_exception(type(error), error, own and own.tb_next)
    finally:
        end_resource_tracker()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_resource_tracker() -> None:
    """Stop the helper of multiprocessing, which would write its own complaints of a fork below the program's."""
    module = sys.modules.get("multiprocessing.resource_tracker")
    tracker = module and module._resource_tracker._pid
    if tracker:
        os.kill(tracker, signal.SIGKILL)


main()
