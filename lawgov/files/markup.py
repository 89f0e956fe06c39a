"""XML of strangers: walked with expat, and a document type declaration ends the walk.

Entities need a declaration, so without one nothing can expand and nothing outside can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]

PROLOG_LIMIT = 64 * 1024  # bytes before the root element, comments included


class Malformed(ValueError):
    """Not XML, or not to its end."""


class Declared(ValueError):
    """A document type declaration."""


class _RootSeen(Exception):
    """A signal, not an error."""


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2]


def walk(
    chunks: Iterable[bytes],
    start: Start,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start` with prefixed name and attributes of each element, in document order.

    Raises Declared and Malformed; whatever the callbacks raise passes through.
    """
    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeDecodeError, LookupError) as error:
        raise Malformed(str(error)) from error


class Prolog:
    """Looks at what stands before the root element, chunk by chunk, and then stops looking."""

    def __init__(self) -> None:
        self.done = False
        self._seen = 0
        self._parser = _parser()
        self._parser.StartElementHandler = self._root

    def feed(self, chunk: bytes) -> None:
        """Raises Declared for a document type, Malformed when no root element comes."""
        if self.done:
            return
        self._seen += len(chunk)
        try:
            self._parser.Parse(chunk[:PROLOG_LIMIT], False)
        except _RootSeen:
            self.done = True
        except (expat.ExpatError, UnicodeDecodeError, LookupError) as error:
            raise Malformed(str(error)) from error
        if not self.done and self._seen > PROLOG_LIMIT:
            raise Malformed("no root element")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        raise _RootSeen


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _refuse(*args: object) -> None:
    raise Declared
