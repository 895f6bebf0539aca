"""The targets of speed are held, and not only printed; the figures here are made up."""

import json
from typing import Any

import pytest

from bench.targets import report


def searched(
    benchmark: str, median_ms: float, found: int = 1, *, is_somebody: bool = True
) -> dict[str, Any]:
    return {
        "benchmark": benchmark,
        "median_ms": median_ms,
        "found": found,
        "is_somebody": is_somebody,
    }


@pytest.mark.parametrize(
    ("figures", "kept"),
    [
        (
            {"benchmark": "mail", "worker_per_second": 100, "empty_after_seconds": 60.0},
            [True, True],
        ),
        (
            {"benchmark": "mail", "worker_per_second": 99, "empty_after_seconds": 60.0},
            [False, True],
        ),
        (
            {"benchmark": "mail", "worker_per_second": 100, "empty_after_seconds": 60.1},
            [True, False],
        ),
        (searched("search", 49.9), [True, True]),
        (searched("search", 50.0), [False, True]),
        (searched("callers", 50.0), [False, True]),
        (searched("search", 0.1, found=0), [True, False]),
        (searched("callers", 0.1, found=0), [True, False]),
        (searched("search", 0.1, found=0, is_somebody=False), [True, True]),
        (searched("callers", 0.1, found=1, is_somebody=False), [True, False]),
    ],
)
def test_bench__around_each_target__told_and_ends_with_one(
    figures: dict[str, Any], kept: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report([figures]) == int(not all(kept))

    told = json.loads(capsys.readouterr().out)["targets"]
    assert [one["kept"] for one in told.values()] == kept
    assert all(one["target"] for one in told.values())


def test_bench__one_of_several_beyond__ends_with_one() -> None:
    lines = [searched("search", value) for value in (51.0, 1.0)]
    assert report(lines) == 1
