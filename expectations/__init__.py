"""The rules: what must reconcile, how much, and what happens when it does not.

Here belong the rule registry (``rules/*.yml``), the Great Expectations suites made from it and the audit
that judges the residuals dbt computed. Computing residuals is dbt's; publishing is the warehouse's. Hands on
outcomes, anomalies and the verdict of the gate.
"""

import os

# Great Expectations reads this when it is first imported, so it is set before any module here imports it.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
