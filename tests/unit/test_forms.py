"""Form definitions: what is generated from them is in step, and a broken one names file and fault."""

from pathlib import Path

import pytest

from ingestion.submissions.dbt_sources import SEED, SOURCE, render_seed, render_source
from ingestion.submissions.forms import FormError, load_form, load_forms


def test_what_dbt_knows_of_the_forms_is_in_step() -> None:
    again = "run python -m ingestion.submissions.dbt_sources"
    assert SOURCE.read_text(encoding="utf-8") == render_source(), again
    assert SEED.read_text(encoding="utf-8") == render_seed(), again


def test_every_form_says_everything_in_both_languages() -> None:
    assert list(load_forms()) == [
        "THONG_TIN",
        *(f"BIEU_{n}" for n in ("01", "02", "03", "04A", "04B", "05A", "05B", "05C")),
    ]
    for form in load_forms().values():
        assert form.vi and form.en and form.title
        assert form.kind == "fields" or form.key_columns
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
    text = (Path("ingestion/submissions/forms") / "bieu_01.yml").read_text(encoding="utf-8")
    broken = tmp_path / "bieu_99.yml"
    broken.write_text(text.replace(change, said, 1), encoding="utf-8")
    with pytest.raises(FormError, match=r"bieu_99\.yml") as fault:
        load_form(broken)
    assert said.rsplit(maxsplit=1)[-1].strip() in str(fault.value) or "surprise" in str(fault.value)
