"""Development: a real SMTP server that keeps every mail as a file for the mailbox page.

Nothing it takes ever leaves the machine.
"""

import secrets
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Keeper:
    """Writes each mail whole or not at all, under a name that sorts by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        _server: Any,  # noqa: ANN401 - aiosmtpd has no types
        _session: Any,  # noqa: ANN401
        envelope: Any,  # noqa: ANN401
    ) -> str:
        """Keep the mail and say so."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(envelope.original_content)
        unfinished.replace(self.folder / f"{name}.eml")
        return "250 kept"


def start_catcher(folder: Path, port: int) -> Controller:
    """Start the server in a thread of its own, on the loopback only; ``stop()`` ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    return controller
