"""Form definitions: what is generated from them is in step, and a broken one names file and fault."""

import copy
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import yaml

from ingestion.forms import definition as forms
from ingestion.forms import draft, generated
from ingestion.forms.definition import FormError, load_form, load_forms
from ingestion.submissions import form_check, tables
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.template import template_bytes
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.places import basis_on, provinces
from tests.conftest import KEY
from tests.workbooks import workbook


def test_what_is_generated_from_the_forms_is_in_step() -> None:
    assert generated.out_of_step() == [], "run htx form check"


def test_every_form_says_everything_in_both_languages() -> None:
    for form in load_forms().values():
        assert form.vi and form.en and form.title
        for column in form.columns:
            assert column.vi.endswith(".") and column.en.endswith("."), (form.code, column.name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("type: integer", "type: colour"),
        ("code_list: sectors", "code_list: colours"),
        ("kind: table", "kind: table\nsurprise: 1"),
    ],
)
def test_a_broken_definition_names_file_and_fault(change: str, said: str, tmp_path: Path) -> None:
    text = (Path("ingestion/forms") / "bieu_01.yml").read_text(encoding="utf-8")
    broken = tmp_path / "bieu_99.yml"
    broken.write_text(text.replace(change, said, 1), encoding="utf-8")
    with pytest.raises(FormError, match=r"bieu_99\.yml") as fault:
        load_form(broken)
    assert said.rsplit(maxsplit=1)[-1].strip() in str(fault.value) or "surprise" in str(fault.value)


@pytest.fixture(scope="module")
def sent() -> bytes:
    """A report on the present templates, made before a test changes the forms."""
    return workbook(code="25")


@pytest.fixture
def two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The forms with a newer BIEU_05C beside the present one: a column more, a header renamed."""
    for path in forms.FORMS_DIR.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    old = yaml.safe_load((tmp_path / "bieu_05c.yml").read_text("utf-8"))
    new = copy.deepcopy(old) | {"version": "2022.1", "valid_from": "2022-01"}
    new["columns"][-1]["header"][-1] += " (mới)"
    extra = {"name": "channel", "type": "text", "header": ["Kênh bán"], "vi": "Kênh bán.", "en": "Channel."}
    new["columns"].append(extra)
    old["valid_to"] = "2021-12"
    for name, form in (("bieu_05c.yml", old), ("bieu_05c_2022.yml", new)):
        (tmp_path / name).write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(forms, "FORMS_DIR", tmp_path)
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    marks = (tables._form_marks, tables._any_mark, tables._title_beginnings, tables._may_be_title)
    for cached in (forms.form_versions, forms.load_forms, *marks):
        cached.cache_clear()


def test_versions_stand_side_by_side(two_versions: Path) -> None:
    newer, older = forms.form_versions()["BIEU_05C"]
    assert (newer.version, older.version) == ("2022.1", "2021.1")
    assert newer.raw_schema() == older.raw_schema()
    assert "channel" in older.raw_schema().names
    asked = {f.code: f.version for f in forms.forms_for(Period("2021-11"))}
    assert asked["BIEU_05C"] == "2021.1"
    assert {f.code: f.version for f in forms.forms_for(Period("2022-03"))}["BIEU_05C"] == "2022.1"


def test_a_sheet_is_read_by_the_version_it_has(sent: bytes, two_versions: Path) -> None:
    sheet = next(s for s in read_workbook(sent, KEY).sheets if s.form and s.form.code == "BIEU_05C")
    assert sheet.form is not None
    assert (sheet.form.version, sheet.outcome, sheet.reason) == ("2021.1", "accepted", None)
    assert {len(values) for _, values in sheet.rows} == {len(sheet.form.raw_columns)}
    # The same template a year later: still read, and said so.
    book = openpyxl.load_workbook(io.BytesIO(sent))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("Tháng 11"):
                cell.value = "Tháng 3/2022"
    target = io.BytesIO()
    book.save(target)
    late = next(s for s in read_workbook(target.getvalue(), KEY).sheets if s.form and s.form.code == "BIEU_05C")
    assert late.outcome == "accepted" and late.form is not None and late.form.version == "2021.1"
    assert "phiên bản 2021.1" in (late.reason or "")


def test_a_form_asked_for_in_no_report_is_in_every_template_and_never_missing(two_versions: Path) -> None:
    path = two_versions / "bieu_13.yml"
    form = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(form | {"expected_in": []}, allow_unicode=True), encoding="utf-8")
    _forget()
    assert not any("BIEU_13" in {f.code for f in forms.expected_forms(Period(p))} for p in ("2022-03", "2022-Q1"))
    period = Period("2022-03")
    template = template_bytes(provinces(basis_on(period.end))["46"], period)
    assert "BIEU_13" in openpyxl.load_workbook(io.BytesIO(template), read_only=True).sheetnames


def test_versions_that_overlap_or_change_a_meaning_are_refused(two_versions: Path) -> None:
    path = two_versions / "bieu_05c.yml"
    form = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(form | {"valid_to": None}, allow_unicode=True), encoding="utf-8")
    _forget()
    with pytest.raises(FormError, match="must end before"):
        forms.form_versions()


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the forms that is changed freely."""
    for path in forms.FORMS_DIR.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for module in (forms, draft, form_check):
        monkeypatch.setattr(module, "FORMS_DIR", tmp_path)
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def test_every_form_is_complete_up_to_a_mart() -> None:
    lacks = form_check.check(list(load_forms().values()))
    assert [lack for found in lacks.values() for lack in found] == []


def test_a_drafted_form_lacks_its_texts_and_a_mart(drafts: Path) -> None:
    path = draft.draft(draft.code_of("16"), Period("2021-01"))
    _forget()
    assert form_check.broken_files() == []
    assert "" not in tables._form_marks(), "a title without words names no sheet"
    found = form_check.check([load_forms()["BIEU_16"]])["BIEU_16"]
    assert {lack.what.split()[0] for lack in found} == {"title", "vi", "en", "column", "no"}
    assert "fct_training_course" in found[-1].remedy
    with pytest.raises(FormError, match="exists"):
        draft.draft("BIEU_16", Period("2022-01"))
    path.write_text(path.read_text("utf-8").replace("…", "Bảo hiểm xã hội."), encoding="utf-8")
    _forget()
    (lack,) = form_check.check([load_forms()["BIEU_16"]])["BIEU_16"]
    assert "no mart shows the rows of BIEU_16 (nothing does)" in lack.what


def test_a_mart_without_its_yaml_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(form_check.MODELS_DIR, tmp_path / "models")
    described = tmp_path / "models" / "marts" / "training" / "fct_training_course.yml"
    described.unlink()
    monkeypatch.setattr(form_check, "MODELS_DIR", tmp_path / "models")
    (lack,) = form_check.check([load_forms()["BIEU_06"]])["BIEU_06"]
    assert lack.where == str(described) and "fct_training_course has no YAML" in lack.what


def test_a_drafted_form_is_staged_without_further_files(drafts: Path) -> None:
    draft.draft("BIEU_16", Period("2021-01"))
    _forget()
    changed = {path.name for path in generated.out_of_step()}
    assert changed == {
        "stg_bieu_16.sql", "stg_bieu_16.yml", "int_bieu_16_recorded.sql", "int_bieu_16_recorded.yml",
        "int_bieu_16_finding.sql", "int_bieu_16_finding.yml", "form_relations.sql", "forms.csv",
    }  # fmt: skip
    staged = generated.files()[generated.STAGING_DIR / "stg_bieu_16.sql"]
    assert "rows_read.org_code,\n  rows_read.member_count\nfrom {{ source('raw', 'bieu_16') }}" in staged


@pytest.mark.parametrize("code", ["BHXH", "BIEU_16E", "123", ""])
def test_what_is_no_code_of_a_form_is_refused(code: str) -> None:
    with pytest.raises(FormError, match="no code of a form"):
        draft.code_of(code)


@pytest.mark.parametrize(
    ("entry", "value", "fault"),
    [
        ("name", "sheet", "cannot be called sheet"),
        ("name", "org_code", "two columns are called org_code"),
        ("name", "Số", "String should match pattern"),
        ("needs", "paid_on", "needs paid_on, which is no column"),
    ],
)
def test_columns_that_cannot_be_stored_are_refused(entry: str, value: str, fault: str, drafts: Path) -> None:
    path = draft.draft("BIEU_16", Period("2021-01"))
    form = yaml.safe_load(path.read_text("utf-8"))
    form["columns"][1][entry] = value
    path.write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    (lack,) = form_check.broken_files()
    assert lack.form == "BIEU_16" and "bieu_16.yml" in lack.where and fault in lack.what


def test_ambiguous_headers_are_found(drafts: Path) -> None:
    path = draft.draft("BIEU_16", Period("2021-01"))
    path.write_text(path.read_text("utf-8").replace("Số thành viên", "Mã số HTX"), encoding="utf-8")
    _forget()
    found = form_check.check([load_forms()["BIEU_16"]])["BIEU_16"]
    assert any("was not read back" in lack.what for lack in found)
