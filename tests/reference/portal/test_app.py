"""The portal put together: in process it stands alone."""

import asyncio
from pathlib import Path

from reference.portal.app import create_app
from reference.portal.settings import settings_from
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import SECRETS, SETTINGS, status_of


def test_a_portal_in_process_needs_no_observer(tmp_path: Path) -> None:
    """It has its own routes and no others: health, metrics and documentation are the service's."""
    neighbours = Neighbours()
    values = {**SETTINGS, "database": str(tmp_path / "portal.db")}
    app = create_app(settings_from(values), SECRETS, outbound=neighbours)

    assert asyncio.run(status_of(app, "GET", "/")) == 200
    for path in ("/health", "/ready", "/metrics", "/docs"):
        assert asyncio.run(status_of(app, "GET", path)) == 404
