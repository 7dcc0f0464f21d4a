"""Runs an integration as a service: reads, delivers and answers the portal until it is stopped."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.integration.dataverse_system import DataverseSystem
from simulator.integration.experience import experience_app
from simulator.integration.flow import Flow
from simulator.integration.map_file import IntegrationMap, read_map
from simulator.integration.portal_delivery import PortalDelivery
from simulator.integration.store import Store
from simulator.processes.loopback import serving

_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class RunningIntegration:
    """What runs: the address for the portal, and how many events wait, went and are dead."""

    url: str
    store: Store


@contextmanager
def running_integration(
    path: Path, *, state: Path | None, say: Callable[[str], None] = lambda _words: None
) -> Iterator[RunningIntegration]:
    """Run until the block ends; raises BadInput for what the user can correct."""
    rules = read_map(path)
    client_secret, events_secret, token = _secrets(rules, path)
    stopped = threading.Event()
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(state)))
        system = stack.enter_context(closing(DataverseSystem(rules.source, client_secret)))
        portal = stack.enter_context(
            closing(PortalDelivery(rules.portal.url, secret=events_secret, now=wall_now))
        )
        flow = Flow(rules, system, portal, store, now=wall_now, on_trouble=say)
        application = experience_app(rules, system, store, token=token)
        url = stack.enter_context(serving(application, rules.portal.port))
        thread = threading.Thread(target=_loop, args=(flow, stopped), name="flow", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopped.set)
        yield RunningIntegration(url, store)


def until_stopped(
    path: Path, *, state: Path | None, say: Callable[[str], None], show: Callable[[str], None]
) -> None:
    """Run until a signal arrives; `show` gets the address for the portal."""
    stopped = threading.Event()
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in kinds}
    try:
        with running_integration(path, state=state, say=say) as running:
            show(running.url)
            stopped.wait()
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _loop(flow: Flow, stopped: threading.Event) -> None:
    while not stopped.wait(_LOOK_SECONDS):
        flow.step()


def _secrets(rules: IntegrationMap, path: Path) -> tuple[str, str, str]:
    names = (
        rules.source.secret_variable,
        rules.portal.events_variable,
        rules.portal.token_variable,
    )
    missing = [each for each in names if not os.environ.get(each)]
    if missing:
        raise BadInput(
            f"{path}: not in the environment: {', '.join(missing)}; export them, or name other "
            "variables in the map"
        )
    client_secret, events_secret, token = (os.environ[each] for each in names)
    return client_secret, events_secret, token
