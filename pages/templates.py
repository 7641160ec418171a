"""The templates of pages: every value is escaped, a value that is missing is a mistake."""

from pathlib import Path

import jinja2

SHARED = Path(__file__).with_name("templates")


def environment(*folders: Path) -> jinja2.Environment:
    """What renders the templates of the folders, and of those that all pages share."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, SHARED]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
