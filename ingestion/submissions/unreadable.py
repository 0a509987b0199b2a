"""What is said of a file that cannot be opened, to its sender and to operators."""

from __future__ import annotations


class UnreadableWorkbookError(Exception):
    """A file that cannot be opened. ``reason_vi`` and ``remedy_vi`` are for its sender, ``args[0]`` for operators."""

    def __init__(self, english: str, reason_vi: str, remedy_vi: str) -> None:
        super().__init__(english)
        self.reason_vi = reason_vi
        self.remedy_vi = remedy_vi


def no_workbook(english: str, reason_vi: str) -> UnreadableWorkbookError:
    """Something else was sent in place of a workbook."""
    return UnreadableWorkbookError(
        f"the file is no workbook: {english}", reason_vi, "Gửi báo cáo theo mẫu dạng .xlsx (hoặc .xls, .ods, .csv)."
    )


def too_large(english: str, where_vi: str = "", remedy_vi: str = "") -> UnreadableWorkbookError:
    """The file exceeds a limit; ``where_vi`` names sheet and cell where one does."""
    return UnreadableWorkbookError(
        f"the file is too large to be a report: {english}",
        "Tệp quá lớn hoặc giải nén ra quá lớn so với một báo cáo" + (f": {where_vi}." if where_vi else "."),
        remedy_vi or "Xóa các dòng, cột và trang tính trống ngoài biểu mẫu rồi gửi lại.",
    )


def protected() -> UnreadableWorkbookError:
    """The workbook can be opened with a password only."""
    return UnreadableWorkbookError(
        "the workbook is protected by a password",
        "Tệp được đặt mật khẩu nên không đọc được.",
        "Bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại.",
    )
