"""The error that reports a fault of the audit itself, not of the data."""


class AuditError(RuntimeError):
    """The audit is unsound: something was not judged, was judged twice, or SQL and Great Expectations disagree.

    Never raised because figures do not reconcile: that is an outcome.
    """
