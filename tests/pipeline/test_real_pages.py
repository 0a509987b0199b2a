"""A real article, served over loopback: its figures become claims, and its regions do not add up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ingestion.samples.site import serve
from tests.pipeline.harness import Home, succeeded

pytestmark = pytest.mark.real_pages

ARTICLE = "kinh-te-hop-tac-6-thang-2018.html"


def test_the_regions_of_the_first_half_of_2018_leave_91_unallocated(real_pages: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        f'<html><body><ul><li><a href="/tin-tuc/{ARTICLE}">6 tháng đầu năm 2018</a></li></ul></body></html>',
        encoding="utf-8",
    )
    (site / "tin-tuc").mkdir()
    shutil.copy(real_pages / "kiengiang" / ARTICLE, site / "tin-tuc")
    (tmp_path / "inbox").mkdir()
    with serve(site) as url:
        home = Home(tmp_path / "home", tmp_path / "inbox", url)
        succeeded(home.run())
    (sum_,) = home.ask("select * from fct_anomaly where rule_id = 'region_split.sum'")
    assert (sum_["expected"], sum_["actual"], sum_["difference"]) == (895, 804, -91)
    assert "895" in sum_["explanation_vi"] and "91" in sum_["explanation_vi"]
    quotes = [item["quote"] for item in json.loads(sum_["actual_evidence"])]
    assert any("Tây Bắc 140" in quote for quote in quotes) and len(quotes) == 7
    (coverage,) = home.ask("select * from fct_anomaly where rule_id = 'region_split.coverage'")
    assert "thiếu: Tây Nguyên" in coverage["explanation_vi"]
