"""A share offer rehearsed from files, on a movable clock, through the verbs of the site (docs/rehearsal.md)."""

from members.rehearsal.faults import Fault, UnreadableScenario
from members.rehearsal.playing import play
from members.rehearsal.reading import read

__all__ = ["Fault", "UnreadableScenario", "play", "read"]
