"""Lock files that a killed PostgreSQL leaves behind.

They name a process that may be a corpse nobody has buried (containers without an init), or another program by
now. PostgreSQL would take it for a living server and refuse to start.
"""

from __future__ import annotations

from pathlib import Path

NO_PROCESS = 2**30  # above the largest number that Linux gives (2**22)


def forget_the_dead(file: Path, *, data: Path) -> None:
    """Make a lock file name nobody, unless a living server on the folder `data` holds it.

    Only the number is replaced: from the rest PostgreSQL sees whether a child of the dead server still writes, and
    then it refuses all the same.
    """
    if not file.exists():
        return
    number, _line, rest = file.read_text().partition("\n")
    if not _serves(number.strip(), data):
        file.write_text(f"{NO_PROCESS}\n{rest}")


def _serves(number: str, data: Path) -> bool:
    """Whether this process lives and runs on the data. True where that cannot be seen: then PostgreSQL decides."""
    if not Path("/proc/self/stat").exists():
        return True
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and str(data).encode() in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False
