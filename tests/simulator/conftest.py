"""What tests of several stages share: pages whose plots are left empty."""

from io import StringIO

import pytest

#: Has no shape in it. Its page gives it a title and a description, as it does a whole drawing.
_NO_SHAPES = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave each plot of a page empty, for tests of its words, tables and files.

    To draw those of one rehearsal takes two seconds. The tests of `rehearsal_plots`, of the plots,
    and of every page as a whole (`test_html.py`) do draw.
    """
    from matplotlib.figure import Figure

    def savefig(_figure: Figure, to: StringIO, **_how: object) -> None:
        to.write(_NO_SHAPES)

    monkeypatch.setattr(Figure, "savefig", savefig)
