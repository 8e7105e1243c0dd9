"""An editor of SQL: colours, completion, what fills `$name`, and the list of all views."""

from pathlib import Path

import panel as pn
import param

from panel_app.parts.layout import SHEETS

_ASSETS = Path(__file__).parents[1] / "assets"


class Editor(pn.custom.JSComponent):
    """What is typed goes into the page's settings `sql` and `binds`; Ctrl Enter says `run`."""

    sql = param.String("")
    binds = param.String("")
    since = param.String("")
    until = param.String("")
    mark = param.Integer(0, doc="the line that is wrong; 0 is none")
    running = param.Boolean(False)
    runs = param.Boolean(True, doc="whether it may be run here at all")
    begins = param.Boolean(False, doc="whether it runs once it is there")

    _esm = _ASSETS / "editor.js"


def editor(**said: object) -> Editor:
    """Return an editor in the house's style."""
    return Editor(stylesheets=SHEETS, sizing_mode="stretch_width", margin=0, **said)
