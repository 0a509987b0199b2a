"""Atomic writes: a reader never sees an incomplete file, and temporary files of a killed run are removed."""

from pathlib import Path

import pytest

from warehouse.files import sweep, written_aside


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), written_aside(target) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
    with written_aside(target) as aside:
        aside.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_leftovers_are_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".a.parquet.x1.tmp").write_text("half")
    (tmp_path / "sub" / "a.parquet").write_text("whole")
    assert sweep(tmp_path) == 1
    assert [p.name for p in (tmp_path / "sub").iterdir()] == ["a.parquet"]
