"""Generates the macros that list the models of the rules: all of them, and those that can hold a submission.

dbt needs to know at parse time what ``rec_residual`` and ``int_submission_held`` read. Both lists follow from the files
``models/reconciliation/rec_<family>.sql`` and the severities in the registry: ``python -m expectations.dbt_models``
writes them to ``macros/residual_models.sql``, and so does the pipeline before it parses the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expectations.registry import RegistryError, Rule, Severity, load_rules
from warehouse.files import written_aside
from warehouse.layout import DBT_PROJECT_DIR

MODELS_DIR = DBT_PROJECT_DIR / "models" / "reconciliation"
TARGET = DBT_PROJECT_DIR / "macros" / "residual_models.sql"
UNION = "rec_residual"


def models_by_rule(rules: Sequence[Rule], folder: Path = MODELS_DIR) -> dict[str, list[str]]:
    """Per rule id the models that name it in quotes, in the order of their names.

    Raises RegistryError for rules that none names.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
    named = {rule.id: [name for name, text in texts.items() if f"'{rule.id}'" in text] for rule in rules}
    problems = [
        f"{rule.id}: no model names it: write its comparison in models/{folder.name}/rec_{rule.family}.sql"
        for rule in rules
        if not named[rule.id]
    ]
    if problems:
        raise RegistryError("\n".join(problems))
    return named


def render(rules: Sequence[Rule], folder: Path = MODELS_DIR) -> str:
    """The text of the macros: ``residual_models`` has every model of comparisons, ``rejecting_models`` those that name
    a rule of severity ``reject``.
    """
    named = models_by_rule(rules, folder)
    every = sorted(path.stem for path in folder.glob("*.sql") if path.stem != UNION)
    rejecting = sorted({model for rule in rules if rule.severity is Severity.REJECT for model in named[rule.id]})
    return "\n\n".join(
        (
            "{#- Generated from models/reconciliation and expectations/rules: python -m expectations.dbt_models -#}",
            _macro("residual_models", every),
            _macro("rejecting_models", rejecting) + "\n",
        )
    )


def _macro(name: str, models: Sequence[str]) -> str:
    listed = "".join(f"    '{model}',\n" for model in models)
    return f"{{% macro {name}() -%}}\n  {{{{ return([\n{listed}  ]) }}}}\n{{%- endmacro %}}"


def write() -> None:
    """Write the macros, if they would change."""
    text = render(load_rules())
    if not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text:
        with written_aside(TARGET) as aside:
            aside.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
