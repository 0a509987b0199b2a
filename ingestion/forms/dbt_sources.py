"""What dbt knows of the forms, generated from their definitions: the raw source, and two seeds about them.

``python -m ingestion.forms.dbt_sources`` writes ``dbt_project/models/staging/_raw_forms.yml``,
``dbt_project/seeds/forms.csv`` (versions, and in which reports they are asked for) and
``dbt_project/seeds/form_columns.csv`` (headers); a test holds the files and the forms together.
"""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import yaml

from ingestion.forms.definition import Form, form_versions, load_forms
from ingestion.vietnamese.periods import Period
from warehouse.files import written_aside
from warehouse.layout import DBT_PROJECT_DIR, REFERENCE_DIR

SOURCE = DBT_PROJECT_DIR / "models" / "staging" / "_raw_forms.yml"
FORMS_SEED = REFERENCE_DIR / "forms.csv"
SEED = REFERENCE_DIR / "form_columns.csv"

_LINEAGE_TEXTS = {
    "row_id": "Mã dòng dẫn về tệp, trang, dòng / Row identifier leading to file, sheet and row",
    "artifact_sha256": "SHA-256 của tệp đã lưu trữ / SHA-256 of the archived file",
    "sheet": "Tên trang tính / Sheet name",
    "row_number": "Số dòng như Excel hiển thị / Row number as Excel shows it",
    "form": "Mã biểu / Form code",
    "form_version": "Phiên bản biểu / Form version",
    "submitter": "Mã tỉnh gửi báo cáo, theo danh mục của kỳ / Province code of the sender on the period's map",
    "period": "Kỳ báo cáo / Reporting period",
    "revision": "Lần gửi / Revision",
    "received_at": "Thời điểm nhận (UTC) / Time of receipt (UTC)",
    "reading": "Lần đọc tệp / How many times the file was read",
    "batch_id": "Lô ghi / Batch that wrote the row",
}


def sql_type(arrow: pa.DataType) -> str:
    """DuckDB's name of an Arrow type used in the raw zone."""
    if pa.types.is_decimal(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    names = {pa.string(): "varchar", pa.int32(): "integer", pa.int64(): "bigint", pa.date32(): "date"}
    return names.get(arrow, "timestamp")


def _table(form: Form) -> dict[str, object]:
    texts = _LINEAGE_TEXTS | {c.name: f"{c.vi} / {c.en}" for c in form.raw_columns}
    columns = [
        {"name": field.name, "data_type": sql_type(field.type), "description": texts[field.name]}
        for field in form.raw_schema()
    ]
    return {"name": form.table, "description": f"{form.title}. {form.vi} / {form.en}", "columns": columns}


def render_source() -> str:
    """The YAML text of the source."""
    source = {
        "name": "raw",
        "schema": "raw",
        "description": "Dòng biểu mẫu đã đọc, chỉ thêm không sửa / Rows read from the forms, append-only",
        "tables": [_table(form) for form in load_forms().values()],
    }
    head = "# Generated from ingestion/forms by `python -m ingestion.forms.dbt_sources`.\n"
    return head + yaml.safe_dump({"version": 2, "sources": [source]}, allow_unicode=True, sort_keys=False, width=120)


def render_forms_seed() -> str:
    """The CSV text of the seed: one row per form and version; ``expected_in`` are period types separated by bars."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["form", "version", "title_vi", "description_vi", "description_en", "valid_from", "valid_to", "expected_in"]
    )
    for versions in form_versions().values():
        for form in reversed(versions):
            first = Period(form.valid_from).start
            last = Period(form.valid_to).end if form.valid_to else ""
            expected = "|".join(form.expected_in)
            writer.writerow([form.code, form.version, form.title, form.vi, form.en, first, last, expected])
    return text.getvalue()


def render_seed() -> str:
    """The CSV text of the seed: one row per form and column that reaches the raw zone, with the header people see."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["form", "column_name", "header_vi", "description_vi", "description_en"])
    for form in load_forms().values():
        writer.writerows([form.code, c.name, c.label, c.vi, c.en] for c in form.raw_columns)
    return text.getvalue()


def write() -> None:
    """Write the files."""
    for target, text in ((SOURCE, render_source()), (FORMS_SEED, render_forms_seed()), (SEED, render_seed())):
        with written_aside(target) as aside:
            aside.write_text(text, encoding="utf-8")
            aside.chmod(0o644)


if __name__ == "__main__":
    write()
