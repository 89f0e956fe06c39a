"""The files that pages are made with: no stranger among them, and new names for new content."""

import re
from pathlib import Path

import lawgov.web
from lawgov.web.staticfiles import HashedStaticFiles

STATIC = Path(lawgov.web.__file__).parent / "static"
ROOT = STATIC.parents[2]
TEMPLATES = [
    path
    for package in ("lawgov", "indicators", "assessments")
    for path in sorted((ROOT / package).rglob("templates/**/*.html"))
]


def test_modules_are_found_under_hashed_names(tmp_path):
    for path in STATIC.glob("web/js/*.js"):
        target = tmp_path / path.relative_to(STATIC)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
    storage = HashedStaticFiles(location=tmp_path, base_url="/static/")
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.glob("web/js/*.js")]
    for _ in storage.post_process({name: (storage, name) for name in names}):
        pass
    hashed = [path.read_text() for path in tmp_path.glob("web/js/*.????????????.js")]
    assert len(hashed) == len(names)
    imports = re.findall(r'(?:from|import) "(\./[^"]+)"', "".join(hashed))
    assert len(imports) > 20
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imports)


def test_nothing_is_fetched_from_elsewhere():
    namespace = "http://www.w3.org/2000/svg"
    for path in [*STATIC.rglob("*.*"), *TEMPLATES]:
        text = path.read_text().replace(namespace, "")
        assert not re.search(r"https?:|@import|url\(\s*[\"']?//", text), path


def test_templates_carry_no_script_of_their_own():
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(
            r"\son(abort|blur|change|click|error|focus|input|key|load|mouse|submit)\w*=|javascript:",
            text,
        ), path
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag, path
            assert "nonce" in tag, path
        assert "<style" not in text, path


def test_every_icon_that_templates_name_is_drawn():
    drawn = (STATIC.parent / "templates/web/_icons.html").read_text()
    for path in TEMPLATES:
        for name in re.findall(r'{% icon "([a-z]+)"', path.read_text()):
            assert f'id="i-{name}"' in drawn, (path, name)
