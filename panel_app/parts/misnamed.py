"""Says what a page was asked for and nobody knows, with the nearest name; else it shows nothing."""

import pyarrow as pa

from leadline.errors import nearest
from panel_app import text
from panel_app.parts.part import Part


class Misnamed(Part):
    """Columns: setting, what it says, the names that are known."""

    def __init__(self) -> None:
        super().__init__()
        self.markup.html = ""

    def take(self, answer: "pa.Table | Exception") -> None:
        """Say what is unknown; what can't be asked says so elsewhere."""
        if isinstance(answer, pa.Table):
            self.markup.html = self.show(answer)

    def show(self, rows: pa.Table) -> str:
        """Return a sentence for each."""
        return "".join(
            f'<p class="error" role="alert">{text.sentence(_sentence(*row.values()))}</p>'
            for row in rows.to_pylist()
        )


def _sentence(setting: str, said: str, names: list[str | None]) -> str:
    known = [name for name in names if name]
    near = nearest(said, known) or nearest(said.upper(), known)
    return f"{setting}: nothing here is called '{said}'{near or '; clear it to see all'}"
