"""Benchmark results: rows with a figure, its unit, its target and the physical limit."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure. `limit` is the maximum that the same machine achieved in the same run."""

    figure: str
    value: float
    unit: str
    target: str = ""
    limit: str = ""


def show(name: str, rows: list[Row]) -> None:
    """Print a table and write it to `bench/results/<name>.json`."""
    print(f"\n{name}")
    for row in rows:
        print(f"  {row.figure:<44} {row.value:>10,.1f} {row.unit:<14} {row.target:<18} {row.limit}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
