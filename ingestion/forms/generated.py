"""Generates the dbt files of the forms from their definitions: models, sources, a macro and a seed.

:func:`write` updates the files; ``htx form new``, ``htx form check`` and ``htx run`` call it. The files are
committed, so that dbt, its documentation and its linter work without these commands; a test compares them with the
forms.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from ingestion.forms.check_sql import findings_sql, references_of
from ingestion.forms.definition import Form, form_versions, load_forms
from ingestion.vietnamese.periods import Period
from warehouse.files import written_aside
from warehouse.layout import DBT_PROJECT_DIR

#: Folders with generated files only: a file of no form is removed.
STAGING_DIR = DBT_PROJECT_DIR / "models" / "staging" / "forms"
INTERMEDIATE_DIR = DBT_PROJECT_DIR / "models" / "intermediate" / "forms"

_NOTE = "Generated from ingestion/forms/{}.yml: change that file, then run `htx form check`."
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
#: The lineage columns that staging keeps: the submission of a row has the others.
_STAGED_LINEAGE = ("row_id", "artifact_sha256", "sheet", "row_number", "form", "form_version")


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    forms = load_forms().values()
    made = {
        DBT_PROJECT_DIR / "macros" / "form_relations.sql": _macros(forms),
        DBT_PROJECT_DIR / "seeds" / "forms.csv": _forms_seed(),
    }
    for form in forms:
        for model, sql in _models(form).items():
            made[STAGING_DIR / f"{model}.sql"] = sql
        made[STAGING_DIR / f"{form.staging}.yml"] = _yaml(form)
        # Not for forms with millions of rows: their facts select the lists first (int_member_list).
        if form.kind == "table" and form.staged_as != "view":
            made[INTERMEDIATE_DIR / f"{form.recorded}.sql"] = _recorded_sql(form)
            made[INTERMEDIATE_DIR / f"{form.recorded}.yml"] = _recorded_yaml(form)
        if form.kind == "table":
            made[INTERMEDIATE_DIR / f"{form.findings}.sql"] = _findings_sql(form)
            made[INTERMEDIATE_DIR / f"{form.findings}.yml"] = _findings_yaml(form)
    return made


def out_of_step() -> list[Path]:
    """Generated files that differ from the forms, are missing, or belong to no form any more."""
    wanted = files()
    differing = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    kept = [path for folder in (STAGING_DIR, INTERMEDIATE_DIR) for path in folder.glob("*.*")]
    return sorted([*differing, *(path for path in kept if path not in wanted)])


def write() -> list[Path]:
    """Update the files from the forms; returns those written or removed."""
    wanted = files()
    changed = out_of_step()
    for path in changed:
        if path not in wanted:
            path.unlink()
            continue
        path.parent.mkdir(exist_ok=True)
        with written_aside(path) as aside:
            aside.write_text(wanted[path], encoding="utf-8")
            aside.chmod(0o644)
    return changed


def sql_type(arrow: pa.DataType) -> str:
    """DuckDB's name of an Arrow type used in the raw zone."""
    if pa.types.is_decimal(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    names = {pa.string(): "varchar", pa.int32(): "integer", pa.int64(): "bigint", pa.date32(): "date"}
    return names.get(arrow, "timestamp")


def _macros(forms: Iterable[Form]) -> str:
    note = f"{{#- {_NOTE.format('*')} -#}}\n"
    tables = [form for form in forms if form.kind == "table"]
    return note + "\n\n".join(
        (
            _macro("form_relations", "The staging relations of the forms: one row per row of a workbook each.",
                   [form.staging for form in forms]),
            _macro("finding_relations", "The findings in the rows of the forms: one row per check not passed each.",
                   [form.findings for form in tables]),
        )
    )  # fmt: skip


def _macro(name: str, text: str, relations: Iterable[str]) -> str:
    names = "".join(f"    '{relation}',\n" for relation in relations)
    return f"""{{#- {text} -#}}
{{% macro {name}() -%}}
  {{{{ return([
{names}  ]) }}}}
{{%- endmacro %}}
"""


def _models(form: Form) -> dict[str, str]:
    """SQL by name of the model: the staging model, and for a view also the model that it depends on."""
    readings, config = "stg_artifact", ""
    made = {}
    if form.staged_as == "incremental":
        config = f"{{{{ config(**incremental_by_artifact(['{form.table}'])) }}}}\n"
    elif form.staged_as == "view":
        readings = f"{form.staging}_reading"
        config = "{{ config(materialized='cached_view') }}\n"
        made[readings] = _head(form) + _readings_sql(form)
    selected = [*_STAGED_LINEAGE, *(_renamed(c.name, c.staged_name) for c in form.raw_columns)]
    restricted = "where {{ is_affected(['rows_read.artifact_sha256']) }}\n" if form.staged_as == "incremental" else ""
    made[form.staging] = (
        f"{_head(form)}{config}select\n"
        + ",\n".join(f"  rows_read.{column}" for column in selected)
        + f"\nfrom {{{{ source('raw', '{form.table}') }}}} as rows_read\n"
        + f"inner join {{{{ ref('{readings}') }}}} as latest\n  on\n    {_SAME_READING}\n{restricted}"
    )
    return made


_SAME_READING = "\n    and ".join(
    f"rows_read.{column} = latest.{column}" for column in ("artifact_sha256", "reading", "batch_id")
)


def _head(form: Form) -> str:
    return f"-- {_NOTE.format(_file_of(form))}\n"


def _file_of(form: Form) -> str:
    return f"{form.table}*" if len(form_versions()[form.code]) > 1 else form.table


def _renamed(name: str, staged: str) -> str:
    return name if name == staged else f"{name} as {staged}"


def _readings_sql(form: Form) -> str:
    return f"""-- Which files hold the form: a table, so that what {form.staging} feeds changes only with these files.
select
  latest.artifact_sha256,
  latest.reading,
  latest.batch_id
from {{{{ ref('stg_artifact') }}}} as latest
where
  exists (
    select 1
    from {{{{ source('raw', '{form.table}') }}}} as rows_read
    where
      {_SAME_READING.replace("    and", "      and")}
  )
"""


def _recorded_sql(form: Form) -> str:
    rows = f"{{{{ recorded_rows(ref('{form.staging}')) }}}}\n  where {{{{ is_not_held(ref('{form.findings}')) }}}}"
    return f"{_head(form)}{{{{ config(materialized='cached_view') }}}}\n{rows}\n"


def _findings_sql(form: Form) -> str:
    others = {code: f"{{{{ ref('{load_forms()[code].staging}') }}}}" for code in references_of(form)}
    readable = f"readable as (\n  {{{{ readable_rows(ref('{form.staging}')) }}}}\n),\n\n"
    return f"{_head(form)}{findings_sql(form, 'readable', others, readable)}\n"


def _findings_yaml(form: Form) -> str:
    text = (
        f"Một dòng cho mỗi điều kiện mà một dòng của {form.code} không đạt, ở mọi lần gửi đọc được / "
        f"One row per check that a row of {form.code} does not pass, in every readable submission"
    )
    model = _model(form.findings, "row_id, check_id", text)
    return f"# {_NOTE.format(_file_of(form))}\nversion: 2\nmodels:\n{model}"


def _recorded_yaml(form: Form) -> str:
    text = (
        f"Một dòng cho mỗi dòng của {form.code} trong lần gửi được chấp nhận, với khoảng thời gian nó có hiệu lực / "
        f"One row per row of {form.code} in an accepted submission, with its recorded range"
    )
    return f"# {_NOTE.format(_file_of(form))}\nversion: 2\nmodels:\n{_model(form.recorded, 'row_id', text)}"


def _model(name: str, key: str, text: str) -> str:
    constraint = f"{{type: primary_key, columns: [{key}]}}"
    return f"  - name: {name}\n    description: |-\n      {text}\n    constraints: [{constraint}]\n"


def _yaml(form: Form) -> str:
    texts = _LINEAGE_TEXTS | {c.name: f"{c.vi} / {c.en}" for c in form.raw_columns}
    columns = "".join(
        f"          - {{name: {field.name}, data_type: {_quoted(sql_type(field.type))}, "
        f"description: {_quoted(texts[field.name])}}}\n"
        for field in form.raw_schema()
    )
    models = "".join(
        _model(name, key, text)
        for name, key, text in (
            (
                form.staging,
                "row_id",
                f"Một dòng cho mỗi dòng của {form.code} ở lần đọc có hiệu lực / "
                f"One row per row of {form.code} in the latest reading",
            ),
            (
                f"{form.staging}_reading",
                "artifact_sha256",
                f"Một dòng cho mỗi tệp có {form.code}, theo lần đọc có hiệu lực / "
                f"One row per file that holds {form.code}, in the latest reading",
            ),
        )
        if name in _models(form)
    )
    return f"""# {_NOTE.format(_file_of(form))}
version: 2
sources:
  - name: raw
    schema: raw
    description: Dòng biểu mẫu đã đọc, chỉ thêm không sửa / Rows read from the forms, append-only
    tables:
      - name: {form.table}
        description: {_quoted(f"{form.title}. {form.vi} / {form.en}")}
        columns:
{columns}models:
{models}"""


def _quoted(text: str) -> str:
    """A text as a YAML scalar in double quotes: JSON is YAML."""
    return json.dumps(text, ensure_ascii=False)


def _forms_seed() -> str:
    """One row per form and version; ``expected_in`` are period types separated by bars."""
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
