"""The models of the rules: what is generated from them is up to date, and each rule has its SQL."""

from pathlib import Path

import pytest

from expectations.dbt_models import TARGET, models_by_rule, render
from expectations.registry import RegistryError, load_rules


def test_the_generated_macros_are_up_to_date() -> None:
    again = "run python -m expectations.dbt_models"
    assert TARGET.read_text(encoding="utf-8") == render(load_rules()), again


def test_every_rule_is_computed_by_one_model_of_its_family() -> None:
    for rule_id, models in models_by_rule(load_rules()).items():
        assert len(models) == 1, f"{rule_id} is named by {models}"
        assert models[0].startswith(f"rec_{rule_id.split('.')[0]}"), f"{rule_id} is computed by {models[0]}"


def test_a_rule_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "rec_fund.sql").write_text("select 'fund.balance' as rule_id", encoding="utf-8")
    rules = [rule for rule in load_rules() if rule.id in ("fund.balance", "fund.opening")]
    with pytest.raises(RegistryError, match=r"^fund.opening: no model names it: .*/rec_fund.sql$"):
        models_by_rule(rules, tmp_path)


def test_a_model_that_names_a_reject_rule_can_hold(tmp_path: Path) -> None:
    rules = [rule for rule in load_rules() if rule.id in ("fund.balance", "fund.opening")]
    (tmp_path / "rec_one.sql").write_text("select 'fund.balance' as rule_id", encoding="utf-8")
    (tmp_path / "rec_other.sql").write_text("select 'fund.opening' as rule_id", encoding="utf-8")
    (tmp_path / "rec_residual.sql").write_text("select 1", encoding="utf-8")
    every, rejecting = (part.split("}}")[0] for part in render(rules, tmp_path).split("return(")[1:])
    assert "'rec_one'" in every and "'rec_other'" in every and "'rec_residual'" not in every
    assert "'rec_one'" in rejecting and "'rec_other'" not in rejecting
