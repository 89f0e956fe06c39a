"""The page of commands: each of ours with its arguments, as its own parser says."""

from __future__ import annotations

from argparse import Action as Argument
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class
from django.core.management.base import DjangoHelpFormatter

HEAD = """# Commands

`python manage.py …`; drawn from the commands themselves. Scripts may rely on names, arguments and
exit codes. `make help` lists what belongs to development.
"""
OURS = ("lawgov.", "indicators", "assessments")
#: What Django gives to each of its commands.
COMMON = DjangoHelpFormatter.show_last | {"--help"}


def draw() -> str:
    """The whole page, commands in the order of the alphabet."""
    ours = sorted((name, app) for name, app in get_commands().items() if app.startswith(OURS))
    return HEAD + "".join(_section(name, app) for name, app in ours)


def _section(name: str, app: str) -> str:
    command = load_command_class(app, name)
    arguments = [
        argument
        for argument in command.create_parser("manage.py", name)._actions
        if not COMMON.intersection(argument.option_strings)
    ]
    usage = " ".join([name, *(_written(argument) for argument in arguments)])
    return f"\n## `{usage}`\n\n{command.help}\n{''.join(_lines(arguments))}"


def _lines(arguments: list[Argument]) -> Iterator[str]:
    told = [argument for argument in arguments if argument.help]
    if told:
        yield "\n"
    for argument in told:
        yield f"* `{_name(argument)}` {argument.help}\n"


def _name(argument: Argument) -> str:
    return argument.option_strings[0] if argument.option_strings else argument.dest.upper()


def _written(argument: Argument) -> str:
    """As one types it: FILE, --inspection INSPECTION, [--dry-run]."""
    value = "" if argument.nargs == 0 else str(argument.metavar or argument.dest).upper()
    text = f"{_name(argument)} {value}".strip() if argument.option_strings else _name(argument)
    return text if argument.required else f"[{text}]"
