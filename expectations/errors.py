"""The one error of the audit that is not about the data but about the audit itself."""


class AuditError(RuntimeError):
    """The audit is unsound: something was not judged, was judged twice, or two judges disagree.

    Never raised because figures do not reconcile: that is an outcome.
    """
