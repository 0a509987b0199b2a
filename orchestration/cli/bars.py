"""Progress of long commands: a bar for each kind of step, plain lines where there is no terminal."""

from __future__ import annotations

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from orchestration.cli.console import out


class Bars:
    """One progress bar per kind of step, made when the step first reports."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=out,
            disable=not out.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, label: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` steps of ``label`` are finished."""
        if label not in self._tasks:
            self._tasks[label] = self._progress.add_task(label, total=max(total, 1))
            if not out.is_terminal:
                out.print(f"{label} ...")
        self._progress.update(self._tasks[label], completed=done if total else 1, total=max(total, 1))
