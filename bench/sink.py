"""An SMTP server that takes every mail and prints when it came: ``python -m bench.sink PORT``."""

import signal
import sys
import time
from typing import Any

from aiosmtpd.controller import Controller


class Counting:
    """Takes everything."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802, ANN401 - aiosmtpd's
        """Say when it came, and that it was taken."""
        sys.stdout.write(f"{time.monotonic()}\n")
        sys.stdout.flush()
        return "250 taken"


if __name__ == "__main__":
    Controller(Counting(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    signal.pause()
