"""The rules: what must reconcile, how much, and what happens when it does not."""
