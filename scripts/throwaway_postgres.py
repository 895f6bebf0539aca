"""A PostgreSQL server of its own for one command: unix socket only, gone when the command ends.

    python scripts/throwaway_postgres.py pytest tests

runs the command with ``UKETORI_DATABASE`` naming the server; without a command the address is
printed and the server stays until the process is interrupted.
"""
# ruff: noqa: S603 - every command is our own

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET = 107
NAME = "uketori"
# Tests do not survive a power cut, and need not.
SPEED = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def find_binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl: on PATH, or the newest of Debian's."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Start a server in a fresh folder and yield its URL; stop and remove it at the end."""
    binaries = find_binaries()
    if binaries is None:
        message = "PostgreSQL is not installed (apt-get install postgresql)"
        raise SystemExit(message)
    # Not under the caller's own temporary folder: the socket's path must be short, and when root
    # the user postgres must be able to walk there.
    folder = Path(tempfile.mkdtemp(prefix="uketori-pg-", dir="/tmp"))
    folder.chmod(0o755)
    server = _server_user()
    if server:
        shutil.chown(folder, server["user"], server["group"])
    try:
        yield from _served(binaries, folder, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _served(binaries: Path, folder: Path, server: dict[str, str | int]) -> Iterator[str]:
    data = folder / "data"
    socket = folder / ".s.PGSQL.5432"
    if len(str(socket).encode()) > LONGEST_SOCKET:
        message = f"the path of the socket is too long: {socket}"
        raise SystemExit(message)

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **server,
        )

    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", NAME, "-A", "trust", "-E", "UTF8"]
    run(*initdb, "--no-sync", "--locale=C.UTF-8")
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", *SPEED]
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-s", "-l", str(folder / "log")]
    run(*control, "-o", " ".join([*options, "-c", "max_connections=60"]), "start")
    try:
        run(str(binaries / "createdb"), "-h", str(folder), "-U", NAME, NAME)
        yield f"postgres://{NAME}@/{NAME}?host={quote(str(folder), safe='')}"
    finally:
        run(*control, "-m", "immediate", "stop")


def _server_user() -> dict[str, str | int]:
    """Return who runs the server: the user postgres when we are root, whom it refuses."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "umask": 0o077}


def main(command: list[str]) -> int:
    """Run the command beside a server, or keep a server until interrupted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with throwaway_postgres() as url:
        if not command:
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            try:
                signal.pause()
            except KeyboardInterrupt:
                return 0
        environment = {**os.environ, "UKETORI_DATABASE": url}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
