"""Reading an uploaded CSV as text.  D12."""

import codecs
from itertools import chain

import regex
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

LARGEST_BYTES = 100_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""A byte order mark says for certain; 「Unicode テキスト」 of Excel is UTF-16 with one."""
ENCODINGS = ("utf-8", "cp932")
END_OF_FILE = "\x1a"
"""Old programs write it last."""
_NO_TEXT = regex.compile(
    r"[[\p{Cc}--[\t\n\v\f\r\x85]]\p{Co}\p{Cn}\N{REPLACEMENT CHARACTER}]", regex.VERSION1
)
"""CP932 reads nearly anything as something: these signs tell that it was something else."""
_HALF_WIDTH_KANA = regex.compile("[｡-ﾟ]")


def read_upload(upload: "UploadedFile[bytes]") -> tuple[str, str]:
    """Return the text and no remark, or no text and a sentence that says what to do."""
    if (upload.size or 0) > LARGEST_BYTES:
        return "", _("ファイルが大きすぎます。申請番号だけのファイルにしてください。")
    text = _decoded(upload.read())
    if text is None or _NO_TEXT.search(text := text.rstrip(END_OF_FILE)):
        return "", _(
            "このファイルは読めません。表計算で「CSV UTF-8」を選んで保存しなおすか、"
            "申請番号の列をコピーして、上の欄に貼り付けてください。"
        )
    return text, ""


def _decoded(raw: bytes) -> str | None:
    """Return the text by its mark, else in the first encoding that reads all of it."""
    marked = (encoding for mark, encoding in MARKS if raw.startswith(mark))
    for encoding in chain(marked, ENCODINGS):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if encoding == "cp932" and _is_euc(raw, text) else text
    return None


def _is_euc(raw: bytes, text: str) -> bool:
    """Tell EUC-JP, which CP932 reads as half-width kana from end to end."""
    try:
        raw.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return _HALF_WIDTH_KANA.search(text) is not None
