"""The mark of sheets that the product writes for people: receipts, lists of codes, lists of anomalies.

Such a sheet may come back inside a submission; the reader recognises it by its mark and skips it. The mark is there
twice, because programs keep one or the other: a name defined on the sheet (lost in .csv), and a cell (lost when
somebody deletes it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The name that is defined on a marked sheet; it refers to the text of the stamp.
DEFINED_NAME = "TRANG_HE_THONG_HTX"

#: The name that is defined on a sheet of a template; it refers to the form and version that the sheet was made for.
FORM_NAME = "MAU_BIEU_HTX"

RECEIPT, CODE_LISTS, ANOMALIES = "PHIEU", "DANH-MUC", "SAI-LECH"
_VERSION = 1
#: The title of a receipt; receipts made before there were stamps have it alone.
RECEIPT_TITLE = "KẾT QUẢ TIẾP NHẬN"
_TITLE = re.compile(rf"{RECEIPT_TITLE}: .+")
_MARK = "HTX-DATA-BANK:"
_STAMP = re.compile(rf"{_MARK}({RECEIPT}|{CODE_LISTS}|{ANOMALIES}):\d+")


def stamp(kind: str) -> str:
    """The text that marks a sheet of ``kind``."""
    return f"{_MARK}{kind}:{_VERSION}"


def form_stamp(code: str, version: str) -> str:
    """The text that marks a template's sheet for a form: ``BIEU_02:2021.1``."""
    return f"{code}:{version}"


def stamped(texts: Iterable[str]) -> str | None:
    """The kind of the first stamp among ``texts`` (cells of a sheet, or what a defined name refers to), or None."""
    for text in texts:
        # The search alone rules out nearly every text.
        if _MARK in text and (found := _STAMP.fullmatch(text.strip('=" '))):
            return found[1]
        if text.startswith(RECEIPT_TITLE) and _TITLE.fullmatch(text):
            return RECEIPT
    return None
