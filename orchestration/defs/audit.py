"""The audit: Great Expectations judges every residual and every row; each rule shows as an asset check."""

from collections.abc import Iterable, Iterator

import dagster as dg

from expectations.audit import RuleOutcome, run_audit
from expectations.registry import Outcome, Severity, load_rules
from ingestion.submissions.held import Breach, cells_of, write_held_receipts
from ingestion.vietnamese.numbers import format_number
from orchestration import progress
from orchestration.defs.dbt import rules as rules_asset
from orchestration.defs.home import Home
from orchestration.instance import BUILD_POOL
from warehouse.connections import connect_build


def check_name(rule_id: str) -> str:
    """A rule's name as an asset check: Dagster allows no dots."""
    return rule_id.replace(".", "__")


# Dagster knows no third outcome of a check, but a check that a run planned and that reported nothing is shown as
# skipped. Outputs must be optional for that: only then may a step leave one out.
@dg.multi_asset(
    name="audit",
    specs=[
        dg.AssetSpec(
            "audit",
            description="Outcomes and anomalies of every rule, with evidence of both sides.",
            group_name="audit",
            kinds={"greatexpectations"},
            deps=["rec_residual", "int_submission_held", "int_row_finding", rules_asset],
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(check_name(rule.id), asset="audit", description=f"{rule.title_en} / {rule.title_vi}")
        for rule in load_rules()
    ],
    can_subset=True,
    pool=BUILD_POOL,
)
def audit(context: dg.AssetExecutionContext, home: Home) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Judge every rule. A rule with nothing to compare has not passed: its check is shown as skipped."""
    progress.report("Auditing", 0, 1)
    with home.writing() as layout, connect_build(layout) as connection:
        result = run_audit(connection, layout.audit)
    progress.report("Auditing", 1, 1)
    for problem in result.blocking:
        context.log.error(
            f"{problem.rule_id} stops the release: {problem.where}: expected {problem.expected}, found {problem.actual}"
        )
    if context.selected_asset_keys:
        yield dg.MaterializeResult(
            metadata={
                "passed": result.passed,
                "seconds": result.seconds,
                **result.counts,
                "preview": dg.MetadataValue.md(_table(result.outcomes.values())),
            }
        )
    selected = {key.name for key in context.selected_asset_check_keys}
    for outcome in result.outcomes.values():
        if check_name(outcome.rule_id) in selected and outcome.status is not Outcome.NOT_COMPARABLE:
            yield _check_result(outcome)


def _table(outcomes: Iterable[RuleOutcome]) -> str:
    rows = [
        f"| {o.rule_id} | {o.severity} | {o.status} | {o.evaluated} | {o.failed} | {o.not_comparable} |"
        for o in outcomes
    ]
    return "\n".join(
        ["| rule | severity | outcome | evaluated | failed | not comparable |", "|---|---|---|---|---|---|", *rows]
    )


def _check_result(outcome: RuleOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=check_name(outcome.rule_id),
        asset_key="audit",
        passed=outcome.status is Outcome.PASS,
        severity=dg.AssetCheckSeverity.ERROR if outcome.severity is Severity.BLOCK else dg.AssetCheckSeverity.WARN,
        metadata={
            "evaluated": outcome.evaluated,
            "failed": outcome.failed,
            "not comparable": outcome.not_comparable,
            "worst": dg.MetadataValue.json(list(outcome.worst)),
            "anomalies": f"htx anomalies --rule {outcome.rule_id}",
        },
    )


@dg.asset(group_name="audit", kinds={"greatexpectations"}, deps=["audit"], pool=BUILD_POOL)
def data_docs(home: Home) -> dg.MaterializeResult[None]:
    """Great Expectations' pages of the last audit, rule by rule, readable without a network; no run waits for them."""
    # Great Expectations is slow to import, and this is the only asset that renders.
    from expectations.data_docs import write_data_docs

    with home.writing() as layout, connect_build(layout, read_only=True) as connection:
        index = write_data_docs(connection, layout.build / "data_docs")
    return dg.MaterializeResult(metadata={"index": dg.MetadataValue.path(str(index))})


@dg.asset(
    group_name="audit",
    kinds={"excel"},
    deps=["fct_anomaly", "fct_submission", "fct_held_row", "fct_row_finding"],
    pool=BUILD_POOL,
)
def held_receipts(home: Home) -> dg.MaterializeResult[None]:
    """Receipts of submissions that a rule holds, or with findings in their rows, rewritten with what was found."""
    with home.writing() as layout:
        with connect_build(layout) as connection:
            rows = connection.execute(
                "select artifact_sha256, file_name, title_vi, explanation_vi, expected, actual, actual_evidence "
                "from marts.fct_anomaly inner join marts.fct_submission using (artifact_sha256) "
                "where fct_submission.outcome = 'held' and fct_anomaly.severity = 'reject' order by rule_id, grain"
            ).fetchall()
            with_findings = connection.execute(
                "select artifact_sha256, file_name from marts.fct_held_row "
                "union select artifact_sha256, file_name from marts.fct_row_finding order by all"
            ).fetchall()
        breaches: dict[tuple[str, str], list[Breach]] = {(sha, name): [] for sha, name in with_findings}
        for sha, name, title, explanation, expected, actual, evidence in rows:
            due, found = (format_number(value) if value is not None else "" for value in (expected, actual))
            breach = Breach(title, explanation, due, found, cells_of(evidence))
            breaches.setdefault((sha, name), []).append(breach)
        settings = home.settings
        count = write_held_receipts(breaches, home.archive, layout.receipts, key=settings.key, ledger=home.ledger)
    return dg.MaterializeResult(metadata={"held": count})
