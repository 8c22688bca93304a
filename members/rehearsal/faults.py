"""What is wrong with a scenario's files, each in one line: where, what, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault. Lines and columns count from 1; a column of a CSV file is a field, with its name in `wrong`."""

    file: str
    line: int
    column: int
    wrong: str
    right: str

    def __str__(self):
        return f"{self.file}, line {self.line}, column {self.column}: {self.wrong}; {self.right}"


class UnreadableScenario(Exception):
    """The files cannot be played. Nothing has been written."""

    def __init__(self, faults: list[Fault]):
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))
        super().__init__("\n".join(map(str, self.faults)))
