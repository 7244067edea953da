"""`storyboard schema`."""

import click


@click.command("schema")
def command() -> None:
    """Print the JSON schema of the file format."""
    from storyboard.fileformat.json_schema import schema_text

    click.echo(schema_text(), nl=False)
