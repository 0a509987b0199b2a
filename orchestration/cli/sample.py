"""Write a synthetic country: workbooks, a portal, and the truth about both.

National sums of November 2021 are the published ones; everything below them is synthetic and says so.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.bars import Bars
from orchestration.cli.console import out, stop
from orchestration.cli.run import run

#: The number of provinces that also report for a quarter, a half-year and a year.
LONGER_PROVINCES = 3
#: The published country has 28,000 cooperatives; today's has 34,000.
NATIONAL_SCALE = 1.2
#: The port of the sample portal if it is free, so that repeated samples have equal addresses.
PORTAL_PORT = 8421


def sample(
    to: Annotated[Path, typer.Option("--out", help="Folder to write inbox/, portal/ and truth.json into.")],
    provinces: Annotated[int, typer.Option(min=1, max=63, help="How many of the 63 provinces.")] = 63,
    months: Annotated[
        int | None, typer.Option(min=1, max=48, help="How many months, the last being November 2021; 3, national 24.")
    ] = None,
    scale: Annotated[
        str,
        typer.Option(
            metavar="NUMBER|national",
            help="Size of the registers, above 0 to 4; 1 is the country whose sums were published. national: 34,000 "
            "cooperatives, 24 months, and a roster of every member (7 million rows) as zipped texts.",
        ),
    ] = "1",
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 2021,
    faults: Annotated[
        bool, typer.Option("--faults", help="Plant faults; truth.json lists each with its rule.")
    ] = False,
    run_it: Annotated[
        bool, typer.Option("--run", help="Then serve the portal on loopback and send both through htx run.")
    ] = False,
) -> None:
    from ingestion.samples.site import serve
    from ingestion.samples.writer import write_sample

    national = scale == "national"
    size = NATIONAL_SCALE if national else _size(scale)
    months = months or (24 if national else 3)
    out.print(f"Writing a sample of {provinces} provinces and {months} months to {to} ...")
    with Bars() as bars:
        write_sample(
            to,
            provinces=provinces,
            months=months,
            scale=size,
            seed=seed,
            rosters=national,
            faults=faults,
            longer=min(provinces, LONGER_PROVINCES),
            progress=bars.report,
        )
    if not run_it:
        out.print(f"Wrote {to}/inbox, {to}/portal and {to}/truth.json. Next: htx run --inbox {to}/inbox")
        return
    with serve(to / "portal", _free_port(PORTAL_PORT)) as url:
        out.print(f"The sample portal answers at {url} while the pipeline runs.")
        run(inbox=str(to / "inbox"), portal=[url])


def _size(scale: str) -> float:
    try:
        size = float(scale)
    except ValueError:
        size = 0
    if not 0 < size <= 4:
        stop(f"--scale {scale!r}: a number above 0 to 4, or national, is expected.")
    return size


def _free_port(wanted: int) -> int:
    """``wanted``, or 0 (any) if something else answers there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
