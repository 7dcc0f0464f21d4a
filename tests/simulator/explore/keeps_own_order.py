"""A portal that is told the order of each story, and keeps the force's own."""

from typing import Any

from msgspec import structs
from starlette.applications import Starlette

from reference.portal.app import create_app as reference_app
from reference.portal.settings import Settings, settings_from
from simulator.drivers.operator import reference_settings
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order

ORDER = ROOT / "scenarios" / "orders" / "two-forces.toml"
_OF_THE_RUN = ("public_url", "gateway_url", "crime_system_url", "database", "test_clock_start")


def create_app(settings: Settings, *args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with the go-live days that it was told, and nothing else of the order."""
    around = {name: getattr(settings, name) for name in _OF_THE_RUN}
    own = settings_from(reference_settings(read_order(ORDER), **around))
    return reference_app(structs.replace(own, go_live=settings.go_live), *args, **kwargs)
