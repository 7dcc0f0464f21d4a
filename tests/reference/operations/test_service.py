"""The service as a server starts it: configured by its environment, or refused in one sentence."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import tomli_w

from reference.operations.database import open_database
from reference.operations.logs import check_level
from reference.operations.service import create_app
from reference.portal.storage.database import Database
from reference.portal.words import catalogue
from tests.reference.operations.test_environment import ENVIRON
from tests.reference.portal.scene import EVENTS_SECRET, SETTINGS


def test_a_service_without_settings_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that loads it says what is missing, and shows no traceback."""
    monkeypatch.delenv("PORTAL_SETTINGS", raising=False)
    monkeypatch.setattr("reference.operations.logs.configure", check_level)

    with pytest.raises(SystemExit, match=r"^portal: PORTAL_SETTINGS is not set"):
        create_app()


def configured(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Set the environment of a service that may start."""
    file = folder / "portal.toml"
    settings = {**SETTINGS, "database": str(folder / "portal.db")}
    file.write_text(tomli_w.dumps(settings), encoding="utf-8")
    environ = {**ENVIRON, "PORTAL_SETTINGS": str(file), "PORTAL_EVENTS_SECRET": EVENTS_SECRET}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    monkeypatch.setattr("reference.operations.logs.configure", check_level)


def test_what_a_server_accepted_survives_a_loss_of_power(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By URL every commit waits for the disk: the crime system does not send it again."""
    configured(monkeypatch, tmp_path)
    opened: list[Database] = []

    def noted(path: str, url: str) -> Database:
        opened.append(open_database(path, url))
        return opened[0]

    monkeypatch.setattr("reference.operations.service.open_database", noted)
    app = create_app()

    async def ask() -> object:
        async with app.router.lifespan_context(app):
            return await opened[0].one("PRAGMA synchronous")

    assert asyncio.run(ask()) == (2,)


def test_a_service_with_a_faulty_catalogue_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A case without words stops it with one sentence, before a victim waits for them."""
    configured(monkeypatch, tmp_path)
    text = catalogue.FILE.read_text(encoding="utf-8")
    faulty = tmp_path / "catalogue.toml"
    faulty.write_text(text.replace('trigger = "CrimeReopened"', 'trigger = "advice"'), "utf-8")
    monkeypatch.setattr(catalogue, "FILE", faulty)

    with pytest.raises(SystemExit, match=r"^portal: catalogue\.toml: .*'reopened'"):
        create_app()


def test_the_service_starts_without_what_only_the_table_needs() -> None:
    """Only `portal-suite catalogue` reckons reading ages and draws tables."""
    code = (
        "import sys; from reference.operations import service; service.check_catalogue();"
        "print(sorted({'textstat', 'nltk', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
