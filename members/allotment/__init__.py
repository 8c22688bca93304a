"""Deciding a closed offer: the working is computed, two officers approve it, one transaction writes it all."""

from members.allotment.deciding import Changed, approve, decide, prepare
from members.allotment.lines import Line
from members.allotment.record import as_decided
from members.allotment.working import (
    Match,
    TooEarly,
    Working,
    earliest,
    may_be_decided,
    refuse_if_early,
    work_out,
)

__all__ = [
    "Changed",
    "Line",
    "Match",
    "TooEarly",
    "Working",
    "approve",
    "as_decided",
    "decide",
    "earliest",
    "may_be_decided",
    "prepare",
    "refuse_if_early",
    "work_out",
]
