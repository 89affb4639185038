"""Small OpenDRIVE texts, and other people's maps where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

_LANES = """<lanes><laneSection s="0">
  <left><lane id="1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></left>
  <center><lane id="0" type="none"/></center>
  <right><lane id="-1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right>
</laneSection></lanes>"""


@pytest.fixture
def road() -> Callable[..., str]:
    """The text of a road: straight along x with one lane each way, unless told otherwise."""

    def text(inner: str = "", **changes: object) -> str:
        given = {"name": "1", "length": 100.0, "start": 'x="0" y="0" hdg="0"', "shape": "<line/>", "lanes": _LANES}
        given |= {"after": "", "junction": "-1", "rule": "RHT"} | changes
        head = '<road id="{name}" length="{length}" junction="{junction}" rule="{rule}">'
        plan = '<planView><geometry s="0" {start} length="{length}">{shape}</geometry></planView>'
        return f"{head}\n{{inner}}\n{plan}\n{{lanes}}\n{{after}}</road>\n".format(inner=inner, **given)

    return text


@pytest.fixture
def xodr(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of these elements after a header."""

    def write(*parts: str, minor: int = 8) -> Path:
        path = tmp_path / "map.xodr"
        header = f'<header revMajor="1" revMinor="{minor}" name="test"/>'
        path.write_text(f'<?xml version="1.0"?>\n<OpenDRIVE>\n{header}\n{"".join(parts)}</OpenDRIVE>\n')
        return path

    return write


@pytest.fixture(scope="session")
def esmini() -> Path:
    """The folder with the maps of the esmini project."""
    folder = Path(__file__).parents[5] / "shared" / "maps" / "esmini"
    if not folder.is_dir():
        pytest.skip("the maps of the esmini project are not here")
    return folder
