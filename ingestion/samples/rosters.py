"""Rosters: every member of a province's cooperatives, as big provinces send them: delimited text in a zip.

The monthly BIEU_03 lists the members of new organisations only. A roster is the whole list, sent once, as a revision of
the last month with this one form: a revision does not change forms that it does not contain. Members that a month has
already listed are listed unchanged. Rows are written as they are generated; memory holds the text of one province.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from ingestion.forms.definition import Column, Form, load_forms
from ingestion.samples.country import IN_STOCK, Country, Report, Row, Value
from ingestion.samples.workbooks import SAMPLE_LABEL, Submission

_MILLION = 10**6
_KINDS = ("individual", "household", "legal_entity")
_LABELS = {
    "individual": "Cá nhân", "household": "Hộ gia đình", "legal_entity": "Pháp nhân", "male": "Nam", "female": "Nữ",
}  # fmt: skip
#: A zip keeps a time for each text; equal arguments have to give equal bytes.
_ZIP_TIME = (2021, 1, 1, 0, 0, 0)


def roster_name(province_code: str, period: str, revision: int) -> str:
    """``LMHTX-46-2021-11-L2-thanh-vien.zip``"""
    return f"LMHTX-{province_code}-{period}-L{revision}-thanh-vien.zip"


def roster_rows(country: Country, monthly: Sequence[Report]) -> Iterator[Row]:
    """Rows of BIEU_03: each member of each organisation on the last register, as many as the register counts."""
    last = monthly[-1]
    rng = country.rng("roster", last.place.code)
    listed: dict[str, list[Row]] = {}
    for report in monthly:
        for row in report.rows["BIEU_03"]:
            listed.setdefault(str(row["org_code"]), []).append(row)
    number = 0
    for organisation in last.rows["BIEU_02"]:
        if organisation["status"] not in IN_STOCK or organisation["org_type"] == "THT":
            continue
        code = str(organisation["org_code"])
        if code in listed:
            yield from listed[code]
            continue
        founded = cast("date", organisation["founded_on"])
        span = max((last.period.end - founded).days, 1)
        union = organisation["org_type"] == "LHHTX"
        for _ in range(int(str(organisation["member_count"]))):
            number += 1
            kind = "legal_entity" if union else rng.choices(_KINDS, (85, 12, 3))[0]
            person = kind == "individual"
            joined = founded + timedelta(days=int(span * rng.random() ** 2))
            yield {
                "org_code": code,
                "member_name": f"Thành viên mẫu {number:07d}",
                "member_id": f"MAU-{last.place.code}-R{number:07d}",
                "member_kind": kind,
                "sex": rng.choice(("male", "female")) if person else None,
                # Nobody joins as a child.
                "birth_year": rng.randint(min(1945, joined.year - 30), min(2000, joined.year - 18)) if person else None,
                "joined_on": joined,
                "left_on": None,
                "capital_contributed_vnd": rng.randint(1, 300) * _MILLION // 10,
            }


def roster_bytes(country: Country, monthly: Sequence[Report], submission: Submission) -> bytes:
    """The zip of ``submission``: the sender's block and BIEU_03, texts with semicolons as Excel saves them."""
    forms = load_forms()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        sender = "\r\n".join(_sender(forms["THONG_TIN"], monthly[-1], submission))
        container.writestr(zipfile.ZipInfo("THONG_TIN.csv", _ZIP_TIME), f"\ufeff{sender}\r\n")
        info = zipfile.ZipInfo("BIEU_03.csv", _ZIP_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        with container.open(info, "w") as text:
            form = forms["BIEU_03"]
            head = (form.title, SAMPLE_LABEL, form.unit_line or "", ";".join(c.header[-1] for c in form.columns))
            text.write(("\ufeff" + "\r\n".join(head) + "\r\n").encode())
            for row in roster_rows(country, monthly):
                text.write((";".join(_shown(c, row[c.name]) for c in form.columns) + "\r\n").encode())
    return target.getvalue()


def _sender(form: Form, report: Report, submission: Submission) -> Iterator[str]:
    values = {
        "province_code": report.place.code, "province_name": report.place.full_name,
        "period": f"Tháng {report.period.start.month}/{report.period.start.year}", "revision": str(submission.revision),
        "approved_on": f"{submission.received_at - timedelta(days=1):%d/%m/%Y}", "signer_title": "Chủ tịch",
        "signer_name": f"Lãnh đạo mẫu {report.place.code}", "template_version": form.version,
    }  # fmt: skip
    yield f"{form.title};"
    yield from (f"{column.header[-1]};{values[column.name]}" for column in form.columns)


def _shown(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if column.type == "money":
        return f"{int(str(value)) / _MILLION:.1f}".replace(".", ",")
    return _LABELS.get(str(value), str(value)) if column.code_list else str(value)
