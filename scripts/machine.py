"""What the tests need of the machine beside Python: a browser, fonts for Japanese, PostgreSQL."""
# ruff: noqa: S603 - every command is our own

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

from throwaway_postgres import find_binaries

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/no-main-cluster.conf")


def missing_packages() -> list[str]:
    """Return the Debian packages of what is not here."""
    fonts = [
        *Path("/usr/share/fonts").rglob("NotoSansCJK*"),
        *Path("/usr/local/share/fonts").rglob("NotoSansCJK*"),
    ]
    found = {
        "chromium": any(shutil.which(name) for name in BROWSERS),
        "fonts-noto-cjk": bool(fonts),
        "postgresql": find_binaries() is not None,
        "libatomic1": find_library("atomic") is not None,  # the driver of Playwright links to it
    }
    return [name for name, here in found.items() if not here]


def install_what_is_missing() -> None:
    """Install it as root on Debian; elsewhere name it in one line and stop."""
    missing = missing_packages()
    if not missing:
        return
    words = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"テストに必要なものがありません (missing): apt-get install {words}")
    sys.stdout.write(f"apt-get install {words}\n")
    sys.stdout.flush()
    # Only the programs are wanted, no server that starts by itself.
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n", encoding="ascii")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit(f"インストールできませんでした (could not install): apt-get install {words}")
