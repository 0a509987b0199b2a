"""Every kind of fault that a sample plants is found where its truth says, and nothing else is.

The country of three months has too few months for rules about past values and longer reports; this one has enough.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.samples.catalogue import RECIPES
from ingestion.samples.site import serve
from ingestion.samples.writer import write_sample
from tests.pipeline.harness import Home, succeeded


@pytest.fixture(scope="module")
def sixteen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    root = tmp_path_factory.mktemp("sixteen")
    write_sample(root / "sample", provinces=16, months=7, scale=0.1, faults=True, longer=4)
    with serve(root / "sample" / "portal") as url:
        home = Home(root / "home", root / "sample" / "inbox", url)
        succeeded(home.run())
    return home, root / "sample"


def test_every_planted_fault_is_found_and_nothing_else(sixteen: tuple[Home, Path]) -> None:
    home, sample = sixteen
    truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    assert {recipe.id for recipe in RECIPES if recipe.sample} <= {fault["id"] for fault in truth["faults"]}
    planted = set()
    for fault in truth["faults"]:
        rules = [*fault["also"]] + [fault["rule_id"]] * (fault["consequence"] in ("flagged", "held"))
        province = fault["province_code"] and f"63-{fault['province_code']}"
        planted |= {(rule, fault["period"], province) for rule in rules}
    found = home.ask(
        "select distinct rule_id, period_code, province_key from fct_anomaly where anomaly_status = 'open'"
    )
    assert {(r["rule_id"], r["period_code"], r["province_key"]) for r in found} == planted
    untaken = {r["file_name"] for r in home.ask("select file_name from fct_submission where outcome = 'held'")}
    assert untaken == {f["file"] for f in truth["faults"] if f["consequence"] == "held"}
