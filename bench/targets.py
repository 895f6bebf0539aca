"""What the figures have to be, and whether they were: a benchmark beyond its target ends with 1."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import eq, ge, le, lt
from typing import Any


@dataclass(frozen=True)
class Target:
    """A bound in words and as a comparison."""

    words: str
    bound: float
    keeps: Callable[[float, float], bool]


TARGETS: Mapping[str, Mapping[str, Target]] = {
    "mail": {
        "worker_per_second": Target("at least 100", 100, ge),
        "empty_after_seconds": Target("at most 60", 60, le),
    },
    "search": {"median_ms": Target("under 50", 50, lt)},
    "callers": {"median_ms": Target("under 50", 50, lt)},
}
SOMEBODY = Target("somebody", 0, lambda found, bound: found > bound)
NOBODY = Target("nobody", 0, eq)
"""A search that misses who is there is fast and worth nothing: each key has what it is to find."""


def targets_of(figures: Mapping[str, Any]) -> Mapping[str, Target]:
    """Return the target of each figure; a search has one for what it found, too."""
    known = TARGETS[figures["benchmark"]]
    if figures["benchmark"] == "mail":
        return known
    return {**known, "found": SOMEBODY if figures["is_somebody"] else NOBODY}


def judged(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures with the target of each that has one, and whether it was kept."""
    told = {
        name: {"target": target.words, "kept": target.keeps(figures[name], target.bound)}
        for name, target in targets_of(figures).items()
    }
    return {**figures, "targets": told}


def report(lines: Iterable[Mapping[str, Any]]) -> int:
    """Print each line of figures with its targets; return 1 if one was not kept."""
    missed = False
    for line in lines:
        told = judged(line)
        missed |= not all(one["kept"] for one in told["targets"].values())
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return int(missed)
