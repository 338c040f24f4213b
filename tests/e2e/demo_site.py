"""The demo as a visitor meets it: loaded into an empty folder, served by the real server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a demo loaded into `folder`; the server ends with the block."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }
    subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT, env=surroundings, check=True, capture_output=True,
    )  # fmt: skip
    port = _free_port()
    server = subprocess.Popen(  # noqa: S603 - our own server
        [
            *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", "4", "--log-level", "warning", "cms.wsgi:application"),
        ],
        cwd=ROOT, env=surroundings,
    )  # fmt: skip
    try:
        yield _when_up(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _when_up(address: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
                return address
        except URLError:
            time.sleep(0.2)
    raise AssertionError("the demo's server did not come up")
