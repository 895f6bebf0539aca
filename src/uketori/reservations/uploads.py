"""Reading an uploaded CSV as text.  D12."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

LARGEST_BYTES = 100_000
ENCODINGS = ("utf-8-sig", "cp932")


def read_upload(upload: "UploadedFile[bytes]") -> tuple[str, str]:
    """Return the text and no remark, or no text and a sentence that says what to do."""
    if (upload.size or 0) > LARGEST_BYTES:
        return "", _("ファイルが大きすぎます。申請番号だけのファイルにしてください。")
    raw = upload.read()
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding), ""
        except UnicodeDecodeError:
            continue
    return "", _("このファイルは読めません。CSV（UTF-8かShift_JIS）で保存してください。")
