"""What a document is, by its bytes; the name it came with decides nothing."""

from django.utils.translation import gettext as _

from .refusal import Refused

MIME = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
    ".json": "application/geo+json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def sniff(head: bytes, name: str) -> str:
    """The suffix of a document from its first bytes (some 4 kB). Raises Refused for anything else.

    `name` only tells text formats apart (.csv, .json), which look alike.
    """
    wanted = name.lower().rpartition(".")[2]
    if not head:
        raise Refused("empty", _("文件是空的，请重新选择。"))
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ".xls"
    if head.startswith(b"PK\x03\x04"):
        if wanted in ("xlsx", "docx", "xlsm"):
            return ".docx" if wanted == "docx" else ".xlsx"
        raise Refused("archive", _("不接受压缩包，请解压后分别上传。"))
    if b"\0" not in head[:4096] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")) and wanted in ("json", "geojson"):
            return ".json"
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            raise Refused("markup", _("不接受网页或 XML 文件，请另存为 .xlsx 或 .csv。"))
        return ".csv"
    raise Refused("unknown", _("不支持这种文件。请上传 .xlsx、.xls、.csv、.pdf 或 .docx。"))
