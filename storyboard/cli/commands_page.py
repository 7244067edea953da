"""The command reference, made from the commands themselves: `docs/commands.md`."""

from __future__ import annotations

import click

from storyboard.cli import group

HEAD = """\
# Commands

Made from the commands' own help; a test fails when it is stale
(`python -m storyboard.cli.commands_page > docs/commands.md`).
"""


def text() -> str:
    """The whole reference as Markdown."""
    context = click.Context(group, info_name="storyboard", **group.context_settings)
    parts = [HEAD]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        parts += _pages(command, name, context)
    return "\n".join(parts)


def _pages(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """A command's page, and those of the commands in it."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=96)
    context.terminal_width = 96
    page = f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    inner = [
        part
        for child in (command.list_commands(context) if isinstance(command, click.Group) else [])
        for part in _pages(_child(command, context, child), child, context)
    ]
    return [page, *inner]


def _child(command: click.Command, context: click.Context, name: str) -> click.Command:
    assert isinstance(command, click.Group)
    found = command.get_command(context, name)
    assert found is not None
    return found


if __name__ == "__main__":
    click.echo(text(), nl=False)
