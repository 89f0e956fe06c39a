"""How much memory a process has had at its highest."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak() -> float:
    """MiB of this process at its highest, what its parent had not counted in.

    Linux hands `ru_maxrss` down through fork and exec, so that a child of a large process would
    never seem to grow; the high-water mark of its own memory begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
