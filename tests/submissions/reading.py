"""The forms of a page as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: What a browser puts into the body by the type of the input; the others hold text.
TOGGLES = {"checkbox", "radio"}
BUTTONS = {"submit", "button", "reset", "image"}


@dataclass
class Control:
    """One input, choice, text or button; `values` are what it may send, `sent` what it sends."""

    name: str
    kind: str
    required: bool = False
    sent: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form that writes: its address, its controls, and the buttons that send it elsewhere."""

    action: str
    key: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, Control]] = field(default_factory=list)


class FormReader(HTMLParser):
    """All forms of a page with `method="post"`, in their order, with what belongs to them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._apart: list[tuple[str, str, Control]] = []
        self._open: Form | None = None
        self._text: Control | None = None
        self._choice: Control | None = None
        self._option: dict[str, str] | None = None

    def close(self) -> None:
        super().close()
        known = {form.key: form for form in self.forms if form.key}
        for key, action, control in self._apart:
            if key in known:
                self._place(known[key], action, control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._open = Form(given.get("action", ""), given.get("id", ""))
                if given.get("method", "").lower() == "post":
                    self.forms.append(self._open)
            case "input" | "button" | "textarea" | "select":
                self._control(tag, given)
            case "option" if self._choice is not None and "disabled" not in given:
                self._choice.values.append(given.get("value", ""))
                if "selected" in given:
                    self._choice.sent.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._open = None
            case "textarea":
                if self._text and self._text.sent:  # a browser drops the first line break
                    self._text.sent = [self._text.sent[0].removeprefix("\n")]
                self._text = None
            case "select":
                if self._choice and not self._choice.sent and self._choice.kind == "select":
                    self._choice.sent = self._choice.values[:1]
                self._choice = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.sent = [self._text.sent[0] + data if self._text.sent else data]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text" if tag == "input" else tag)
        control = Control(given.get("name", ""), kind, "required" in given)
        if tag == "textarea":
            self._text = control
        elif tag == "select":
            control.kind = "many" if "multiple" in given else "select"
            self._choice = control
        elif kind in TOGGLES:
            control.values = [given.get("value", "on")]
            control.sent = control.values[:] if "checked" in given else []
        elif kind != "file":
            control.values = control.sent = [given.get("value", "")]
        if "disabled" in given:
            return
        if "form" in given:
            self._apart.append((given["form"], given.get("formaction", ""), control))
        elif self._open is not None:
            self._place(self._open, given.get("formaction", ""), control)

    def _place(self, form: Form, action: str, control: Control) -> None:
        if control.kind in BUTTONS:
            if control.kind == "submit":
                form.buttons.append((action or form.action, control))
        else:
            form.controls.append(control)


def forms_of(text: str) -> list[Form]:
    reader = FormReader()
    reader.feed(text)
    reader.close()
    return reader.forms
