"""Evenings on which everybody met everybody, and both said yes or no: a measurement of two-sided wishes on real people.

Fisman, Iyengar, Kamenica and Simonson, "Gender differences in mate selection: evidence from a speed dating experiment",
Quarterly Journal of Economics 2006. The first dates of an evening are known, with what both said and how they rated
each other; the remaining ones are ranked. What was said or rated about a date that is ranked is never a feature.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.learning import Matrix

FILE = Path("two-sided/speed-dating.csv")
LAST_TRAINED = 9
INTERESTS = (
    "sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming", "clubbing", "reading", "tv",
    "theater", "movies", "concerts", "music", "shopping", "yoga",
)  # fmt: skip
STATED = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1", "shar1_1")
OWN = ("age", "imprace", "imprelig", "go_out", *INTERESTS, *STATED)
SAME = ("field_cd", "career_c", "goal")


@dataclass(frozen=True)
class Evening:
    """One wave, as one side sees the other: rows are those who choose, columns those who are chosen.

    `first` says which dates came first and are known; `likes` has how much the rows liked the columns, from 1 to 10.
    """

    ours: Matrix
    theirs: Matrix
    shared: Matrix
    wants: npt.NDArray[np.bool_]
    wanted_back: npt.NDArray[np.bool_]
    likes: Matrix
    liked_back: Matrix
    first: npt.NDArray[np.bool_]

    @property
    def turned(self) -> "Evening":
        """Return the same evening as the other side sees it."""
        return Evening(
            self.theirs, self.ours, self.shared.transpose(1, 0, 2), self.wanted_back.T, self.wants.T,
            self.liked_back.T, self.likes.T, self.first.T,
        )  # fmt: skip

    @property
    def mutual(self) -> npt.NDArray[np.bool_]:
        """Return who said yes to each other."""
        return self.wants & self.wanted_back


def find_file() -> Path | None:
    """Return the data, which is not part of the repository, or None."""
    folder = os.environ.get("EXPO_SHARED_DATA", str(Path(__file__).parents[2] / "shared" / "data"))
    path = Path(folder) / FILE
    return path if path.exists() else None


def read_evenings(path: Path) -> tuple[list[Evening], list[Evening]]:
    """Return the earlier evenings for training and the later ones for testing, as the men see them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["pid"] and row["order"]]
    waves = sorted({int(row["wave"]) for row in rows})
    found = {wave: _evening([row for row in rows if int(row["wave"]) == wave]) for wave in waves}
    return (
        [evening for wave, evening in found.items() if wave <= LAST_TRAINED],
        [evening for wave, evening in found.items() if wave > LAST_TRAINED],
    )


def _evening(rows: list[dict[str, str]]) -> Evening:
    men = sorted({int(row["iid"]) for row in rows if row["gender"] == "1"})
    women = sorted({int(row["iid"]) for row in rows if row["gender"] == "0"})
    place = {iid: number for side in (men, women) for number, iid in enumerate(side)}
    own = {int(row["iid"]): _numbers(row, OWN) for row in rows}
    shape = (len(men), len(women))
    men_want, women_want, first = (np.zeros(shape, bool) for _ in range(3))
    men_like, women_like = np.full(shape, np.nan), np.full(shape, np.nan)
    shared = np.zeros((*shape, 2 + len(SAME)))
    facts = {int(row["iid"]): row for row in rows}
    for row in rows:
        iid, pid = int(row["iid"]), int(row["pid"])
        if row["gender"] != "1" or pid not in place:
            continue
        at = place[iid], place[pid]
        men_want[at], women_want[at] = row["dec"] == "1", row["dec_o"] == "1"
        men_like[at], women_like[at] = _numbers(row, ("like", "like_o"))
        first[at] = int(row["order"]) * 2 <= int(row["round"])
        one, other = facts[iid], facts[pid]
        same = [float(bool(one[name]) and one[name] == other[name]) for name in SAME]
        shared[at] = [float(row["samerace"] or 0), float(row["int_corr"] or 0), *same]
    ours, theirs = (np.array([own[iid] for iid in side]) for side in (men, women))
    return Evening(ours, theirs, shared, men_want, women_want, men_like, women_like, first)


def _numbers(row: dict[str, str], names: tuple[str, ...]) -> list[float]:
    return [float(row[name]) if row[name] else np.nan for name in names]
