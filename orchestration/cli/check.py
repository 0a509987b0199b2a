"""Show what the receipt of these files would say if a province sent them. Offline; nothing else is stored.

The receipt is the sender's workbook with its faults marked, and the same as JSON beside it.
Rows are also judged by the checks of their forms: a row with an impossible value would be held, one with an unlikely
value taken with the finding beside it. Exit 0: everything would be taken. 1: something would not.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ingestion.guarded import Guarded, ReaderKilledError
from ingestion.submissions.grouping import lines
from ingestion.submissions.reader import WorkbookReading, killed, read_workbook
from ingestion.submissions.receipts import write_receipt
from ingestion.submissions.row_checks import with_findings
from ingestion.submissions.unpacking import unpacked
from orchestration.cli.console import out, settings, stop

_OUTCOMES = {"accepted": "ĐƯỢC NHẬN", "partial": "NHẬN MỘT PHẦN", "rejected": "KHÔNG NHẬN"}


def check(
    files: Annotated[list[Path], typer.Argument(help="Workbooks to check.", metavar="FILE…")],
    receipt: Annotated[
        Path | None,
        typer.Option(help="Also write the receipt: a folder, or one .xlsx for one file.", metavar="OUT"),
    ] = None,
) -> None:
    if receipt is not None and receipt.suffix == ".xlsx" and len(files) > 1:
        stop(f"--receipt {receipt}: one .xlsx holds one receipt; name a folder for {len(files)} files.")
    workbooks: list[tuple[str, bytes]] = []
    for path in files:
        if not path.is_file():
            stop(f"{path}: no such file.")
        data = path.read_bytes()
        workbooks += unpacked(path.name, data) or [(path.name, data)]
    # Checking stores nothing, so the sheet of members can be read with any key.
    key = settings().key or b"check only"
    acceptable = True
    with Guarded() as guarded:
        for name, data in workbooks:
            try:
                reading = guarded.call(read_workbook, data, key, name)
            except ReaderKilledError:
                reading = killed()
            reading = with_findings(reading)
            acceptable &= reading.outcome == "accepted"
            _show(name, reading)
            if receipt is not None:
                folder, stem = (receipt.parent, receipt.stem) if receipt.suffix == ".xlsx" else (receipt, None)
                written = write_receipt(folder, data, name, hashlib.sha256(data).hexdigest(), reading, stem=stem)
                out.print(f"  Phiếu tiếp nhận: {escape(str(written))}", soft_wrap=True)
    raise typer.Exit(0 if acceptable else 1)


def _show(name: str, reading: WorkbookReading) -> None:
    sender = reading.sender
    who = f" · {sender.province_name} · kỳ {sender.period.code} · lần {sender.revision}" if sender else ""
    out.print(f"[bold]{escape(name)}[/bold]{escape(who)}: {_OUTCOMES[reading.outcome]}")
    out.print(
        f"  đọc {reading.total('read')} dòng: nhận {reading.total('loaded')}, "
        f"từ chối {reading.total('rejected')}, giữ lại {reading.total('held')}, trùng {reading.total('duplicate')}"
    )
    for sheet in reading.sheets:
        for notice in sheet.notices:
            out.print(f"  ◦ Trang {escape(sheet.sheet or '')}: {escape(notice)}", soft_wrap=True)
    for line in lines(reading.problems):
        out.print(f"  • {escape(line.message)}\n    → {escape(line.remedy)}", soft_wrap=True)
