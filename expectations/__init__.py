"""The rules: which figures must reconcile, with which tolerance, and what a failure does.

Contains the rule registry (``rules/*.yml``), the Great Expectations suites built from it and from the checks of the
forms, and the audit that judges residuals and rows. dbt computes residuals; ``warehouse`` publishes. Returns outcomes,
anomalies and the verdict of the gate.
"""

import os

# Great Expectations reads this when it is first imported, so it is set before any module here imports it.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
