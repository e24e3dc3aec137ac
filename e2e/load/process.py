"""What does a process cost? Its CPU time and its memory, as the kernel counts them (`/proc`)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """CPU time of all its threads since its start, in steps of 10 ms."""
    user, system = _stat(pid)[11:13]
    return (int(user) + int(system)) / _TICKS


def rss_mb(pid: int) -> float:
    """Resident memory in MB (10^6 bytes), shared pages included."""
    for row in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) * 1024 / 1e6
    return 0.0


def peak_mb(pid: int) -> float:
    """The most that it has had resident so far in MB (10^6 bytes); 0 when it has just ended."""
    try:
        rows = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(row.split()[1]) * 1024 / 1e6 for row in rows if row.startswith("VmHWM:")), 0.0)


def child_of(pid: int) -> int | None:
    """The id of its first child, None when it has none."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(folder.name))[1]) == pid:
                return int(folder.name)
        except OSError:  # it has just ended
            continue
    return None


def _stat(pid: int) -> list[str]:
    """The fields from the state on: a name in brackets, which may hold blanks, comes before."""
    return Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
