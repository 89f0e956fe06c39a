import re
from pathlib import Path

import lawgov.web
from lawgov.web.templatetags import ui

ROOT = Path(lawgov.web.__file__).parents[2]
GUIDE = (ROOT / "docs/guides/a-new-page.md").read_text()


def test_guide_names_every_tag():
    named = set(re.findall(r"`([a-z_]+)`", GUIDE))
    assert set(ui.register.tags) <= named


def test_guide_names_no_hook_that_scripts_do_not_know():
    scripts = "".join(path.read_text() for path in ROOT.glob("lawgov/web/static/web/js/*.js"))
    for hook in re.findall(r"data-([a-z]+)", GUIDE):
        name = f"dataset.{hook}"
        known = hook == "label" or f"data-{hook}" in scripts or name in scripts
        assert known, hook
