"""Makes the catalogues that gettext reads (.mo) from those that people write (.po).

The start does it; where the code is read-only for the account that serves, whoever installs runs
`python -m lawgov.web.translations`.
"""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compile_catalogues(*folders: Path) -> list[Path]:
    """Compile each catalogue that is older than its source; the files written.

    Each .mo is put in place whole, so that several processes may start at once.
    """
    written = []
    for source in sorted(path for folder in folders for path in folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.replace(draft, target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues(Path(__file__).parents[1] / "locale")
