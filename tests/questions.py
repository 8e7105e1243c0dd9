"""What the questions of a page name: views, and settings that fill them in."""

import re
from types import ModuleType

from leadline.names import tables_of
from panel_app.dashboard import found
from tests.doors import catalog


def questions(module: ModuleType) -> dict[str, str]:
    """Return a module's whole questions, by name; what is a part of one is none."""
    said = {name: text for name, text in vars(module).items() if name.isupper()}
    return {
        name: text for name, text in said.items() if text.lstrip().startswith(("select", "with"))
    }


def strangers(module: ModuleType) -> dict[str, set[str]]:
    """Return the views that questions name and nobody knows."""
    known = set(catalog().views) | {"ops.clock", "ops.views", "ops.loads", "ops.feeds"}
    named = {name: set(tables_of(sql)) - known for name, sql in questions(module).items()}
    return {name: views for name, views in named.items() if views}


def unfilled(module: ModuleType, page: str, *own: str) -> dict[str, set[str]]:
    """Return what questions have to be filled in with that no setting of their page is."""
    fills = set(found()[page].settings({}).binds) | set(own)
    asked = {
        name: set(re.findall(r"\$([a-z_]\w*)", sql)) - fills
        for name, sql in questions(module).items()
    }
    return {name: names for name, names in asked.items() if names}
