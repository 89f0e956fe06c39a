"""No row without a whole file, whatever step of an upload the process dies at."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("upload_under_kill.py")


def test_a_kill_at_any_step_leaves_no_row_without_its_whole_file(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env=kept | {"DJANGO_SETTINGS_MODULE": "lawgov.settings", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["checkpoints"] >= 10
    for name, digest in found["blobs"].items():
        assert digest == name
    # Dead before the commit: nothing. Dead after it, and the last one that lived: all of it.
    assert len(found["versions"]) == len(found["blobs"]) == found["links"] == 2
    # Files that no row points to are whole as well; the sweep takes them after a day.
    assert found["without_row"]
