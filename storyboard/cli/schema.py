"""`storyboard schema`."""

import click

from storyboard.fileformat.json_schema import schema_text


@click.command("schema")
def command() -> None:
    """Print the JSON schema of the file format."""
    click.echo(schema_text(), nl=False)
