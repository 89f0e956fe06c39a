"""Walk through the pages as one person and read all that a person reads of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

#: Attributes whose text a person sees or hears, and those that scripts show.
SHOWN = {"title", "aria-label", "placeholder", "alt", "label", "content", "aria-description"}
SHOWN_BUTTONS = {"submit", "button", "reset"}
SILENT = {"script", "style", "template"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reader(HTMLParser):
    """Texts of a page in their order, attributes with their name, and the links.

    What says in `lang` that it is not in the page's own language is shown as it is (a letter, a
    sentence of the other language), and is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hidden = self._hidden or tag in SILENT
        if tag == "html":
            self.language = given.get("lang", "")[:2]
        if given.get("lang", self.language)[:2] != self.language:
            hidden = True
        if tag not in VOID:
            self._open.append((tag, hidden))
        if hidden:
            return
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.links += [given["hx-get"]] if "hx-get" in given else []
        self.texts += [value for name, value in given.items() if _is_shown(tag, name, given)]

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden:
            self.texts.append(data.strip())

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def _is_shown(tag: str, name: str, given: dict[str, str]) -> bool:
    if name == "value":
        return tag == "input" and given.get("type") in SHOWN_BUTTONS
    return name in SHOWN or (name.startswith("data-") and not given[name].startswith(("/", "#")))


@dataclass
class Page:
    """One page as somebody got it; `texts` in order."""

    path: str
    status: int
    texts: list[str] = field(default_factory=list)


def pages(client: Client, start: str, *, most: int, examples: int) -> Iterator[Page]:
    """The pages and fragments that links lead to, breadth first.

    `examples` of each URL pattern, `most` in all. Redirects are followed; files that are
    downloaded are passed over.
    """
    waiting, seen, taken = deque([start]), {start}, Counter[str]()
    while waiting and most > 0:
        path = waiting.popleft()
        pattern = pattern_of(path)
        if not pattern or taken[pattern] >= examples:
            continue
        taken[pattern] += 1
        response = client.get(path, follow=True)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        most -= 1
        reader = Reader()
        reader.feed(response.content.decode())
        reader.close()
        at = response.request["PATH_INFO"]
        yield Page(path, response.status_code, reader.texts)
        for link in reader.links:
            target = urlsplit(urljoin(at, link))
            address = target.path + (f"?{target.query}" if target.query else "")
            if not target.netloc and target.scheme in ("", "http") and address not in seen:
                seen.add(address)
                waiting.append(address)


def pattern_of(path: str) -> str:
    """The URL pattern, whatever is asked for in the query; "" for what is no page of ours."""
    try:
        return f"/{resolve(urlsplit(path).path).route}"
    except Resolver404:
        return ""
