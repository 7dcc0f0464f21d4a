"""The one way this portal says no: a problem document (RFC 9457), mapped to HTTP in `app.py`."""


class Problem(Exception):
    """Something the caller can mend: a status, a title, and the field that is wrong."""

    def __init__(self, status: int, title: str, *, detail: str = "", field: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field


class NeighbourDown(Exception):
    """The gateway or the crime system could not be reached or failed; try again later."""
