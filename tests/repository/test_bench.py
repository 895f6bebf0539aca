"""The targets of speed are held, and not only printed; the figures here are made up."""

import json
from typing import Any

import pytest

from bench.targets import report


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
        ({"benchmark": "search", "median_ms": 49.9}, [True]),
        ({"benchmark": "search", "median_ms": 50.0}, [False]),
        ({"benchmark": "callers", "median_ms": 50.0}, [False]),
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
    lines = [{"benchmark": "search", "median_ms": value} for value in (51.0, 1.0)]
    assert report(lines) == 1
