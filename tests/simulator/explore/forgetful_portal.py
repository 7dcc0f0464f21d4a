"""The reference with state that lived in one process: it is gone when the portal is started again.

`FORGETS` says which, as SQL; before the first start there is nothing to forget.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.settings import Settings

#: For each state what is lost with the process.
FORGETS: list[str] = []


def create_app(settings: Settings, *args: Any, **kwargs: Any) -> Starlette:
    """Build the reference on its database, as far as it is remembered."""
    if Path(settings.database).is_file():
        with closing(sqlite3.connect(settings.database)) as database, database:
            for each in FORGETS:
                database.execute(each)
    return reference_app(settings, *args, **kwargs)
