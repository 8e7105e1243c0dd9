"""What belongs to a choice is there when one is made."""

import panel as pn
import pyarrow as pa

from panel_app.parts.shutter import Shutter


def test_the_others_show_where_there_is_a_value() -> None:
    other = pn.Column()
    part = Shutter([other])
    assert not other.visible

    part.take(pa.table({"alert": ["2f6d"]}))
    assert other.visible
    part.take(pa.table({"alert": pa.array([None], pa.string())}))
    assert not other.visible
