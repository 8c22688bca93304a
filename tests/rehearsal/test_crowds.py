"""Invented crowds: the rehearsal and the naive reading of the format agree on every line."""

import pytest

from tests.scenarios.crowd import Crowd

# One of each way to share out, with areas, ratios and matches as the seeds give them; the fourth is Northern Irish.
FEW = [0, 1, 2, 3, 11, 26]


@pytest.mark.parametrize("seed", FEW)
def test_a_crowd_comes_out_as_the_naive_reading_says(rehearse, tmp_path, seed):
    rehearse(Crowd(seed, size=16).write(tmp_path / "crowd"))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_crowds_come_out_as_the_naive_reading_says(rehearse, tmp_path, seed):
    rehearse(Crowd(seed, size=40).write(tmp_path / "crowd"))


@pytest.mark.deep
def test_a_large_crowd_comes_out_as_the_naive_reading_says(rehearse, tmp_path):
    rehearse(Crowd(1, size=1600).write(tmp_path / "crowd"))
