"""English: the switch, and every page of every role without Chinese outside the place's own data.

What is data is read from the database that the server works on: a Chinese run on an English page
must be a value that is stored there, or a long enough piece of one (titles are cut).
"""

import json
import re
import sqlite3
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessibility import PAGES, SETTINGS

pytestmark = pytest.mark.browser

WORK = [
    "/tasks/",
    "/checklist/",
    "/indicators/26/",
    "/ledger/individual/",
    "/issues/1/",
    "/notices/",
]
CRAWL = {
    "office": [*PAGES["office"], *SETTINGS, "/indicators/1/", "/ledger/common/?state=closed"],
    "supervisor": [*WORK, "/inspections/1/findings/", "/ledger/individual/?state=verifying"],
    "leader": ["/dashboard/", *WORK[1:]],
    "lead03": [*WORK, "/review/", "/review/next/?step=lead", "/review/?step=score"],
    "head60": [*WORK, "/review/"],
    "unit60": [*WORK, *PAGES["head01"]],
    "assessor": ["/dashboard/", "/checklist/", "/indicators/26/"],
    "expert": ["/checklist/", "/indicators/26/"],
    "publicist": PAGES["publicist"],
    "city": ["/places/"],
    "external": ["/"],
    "admin": ["/"],
}
# Texts and what is read out, without what says itself that it is Chinese (letters, 中文).
READ = """async (path) => {
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  page.querySelectorAll("script, style, [lang^=zh]:not(html)").forEach((each) => each.remove());
  const found = [], walk = page.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) found.push(walk.currentNode.data);
  const read = ["title", "aria-label", "placeholder", "alt", "data-text", "data-missing"];
  page.querySelectorAll("*").forEach((each) => read.forEach((name) => {
    if (each.hasAttribute(name)) found.push(each.getAttribute(name));
  }));
  page.querySelectorAll("#texts").forEach((each) => found.push(...Object.values(each.dataset)));
  const links = [...page.querySelectorAll("a[href^='/']")].map((each) => each.getAttribute("href"));
  return { status: answer.status, texts: found, lang: page.documentElement.lang, links };
}"""
HAN = "\u4e00-\u9fff"
RUN = re.compile(rf"[{HAN}][{HAN}\u3001\uff0c\uff08\uff09〔〕“”\d]*")
# A language is offered by its own name, and sheets have Chinese headings in every language.
QUOTED = {"中文", "单位名称", "简称"}
ENOUGH = 5  # Han letters by which a piece of a value is known


@pytest.fixture(scope="module")
def stored(demo):
    """Every Chinese value of the database, whole and in one text."""
    with sqlite3.connect(f"file:{demo.data_dir / 'db.sqlite3'}?mode=ro", uri=True) as database:
        return values_of(database) | QUOTED


def values_of(database):
    names = [
        name for (name,) in database.execute("select name from sqlite_master where type='table'")
    ]
    values = set()
    for name in names:
        if name.startswith(("django_", "sqlite_")):
            continue
        for row in database.execute(f'select * from "{name}"'):
            for value in row:
                values |= set(texts_in(value))
    return values


def texts_in(value):
    """Strings with Chinese in a cell, also inside JSON; lines of their own as well."""
    if isinstance(value, str) and value[:1] in '{["' and value[-1:] in '}]"':
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str) and re.search(f"[{HAN}]", value):
        yield value
        yield from RUN.findall(value)


def strange(texts, values, together):
    """Chinese runs that are nobody's data."""
    for text in texts:
        for run in RUN.findall(text):
            bare = run.strip("、，（）0123456789")
            long_enough = len(re.findall(f"[{HAN}]", bare)) >= ENOUGH
            if not {run, bare} & values and not (long_enough and bare in together):
                yield f"{bare} in {text.strip()[:60]!r}"


@pytest.mark.parametrize("who", CRAWL)
def test_no_chinese_but_data(sign_in, stored, who):
    person = sign_in(who)
    page = person.page
    together = "\n".join(stored)
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    faults = []
    try:
        for path in CRAWL[who]:
            read = page.evaluate(READ, path)
            if read["status"] in (200, 404):
                assert read["lang"] == "en", path
            faults += [f"{path}: {each}" for each in strange(read["texts"], stored, together)]
    finally:
        person.go("/")
        page.get_by_role("button", name="中文").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_the_login_page_in_english(demo, browser, stored):
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{demo.address}/login/")
    if page.locator("html").get_attribute("lang") != "en":
        page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    read = page.evaluate(READ, "/login/")
    faults = list(strange(read["texts"], stored, ""))
    page.context.close()
    assert not faults, "\n".join(faults)


def test_the_control_is_found(stored):
    """A forgotten word is not mistaken for data, a unit's name is."""
    together = "\n".join(stored)
    assert list(strange(["提交审核"], stored, together))
    assert not list(strange(["Unit: 区教育局 (2)"], stored, together))
