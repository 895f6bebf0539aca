"""Reading the text files of the data folder, as editors of all kinds save them."""

from pathlib import Path


def text_of(path: Path) -> str:
    """Return the text; the mark that some editors put before it (BOM) is no part of it.

    Raises ``ValueError``, naming the line.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"line {_line(raw, error.start)}: is not UTF-8"
        raise ValueError(message) from error
    if "\x00" in text:
        message = f"line {_line(raw, raw.index(0))}: holds a NUL"
        raise ValueError(message)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1
