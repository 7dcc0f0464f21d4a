"""The portal's refusals: problem documents (RFC 9457), mapped to HTTP in `app.py`."""


class Problem(Exception):
    """An error the caller can mend: a status, a title, and the field that is wrong."""

    def __init__(self, status: int, title: str, *, detail: str = "", field: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field


class NeighbourDown(Exception):
    """The gateway or the crime system could not be reached or failed; try again later."""
