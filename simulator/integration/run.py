"""Runs an integration as a service: reads, delivers and answers the portal until it is stopped."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.integration.dataverse_system import DataverseSystem
from simulator.integration.experience import PUSHES_PATH, experience_app
from simulator.integration.faults import (
    NO_FAULTS,
    FaultPlan,
    Faults,
    FaultyPortal,
    FaultySource,
)
from simulator.integration.flow import Flow
from simulator.integration.force_api_system import ForceApiSystem
from simulator.integration.map_file import (
    DataverseSource,
    IntegrationMap,
    SourceRule,
    check_authority,
    read_map,
)
from simulator.integration.portal_delivery import PortalDelivery
from simulator.integration.pushed_changes import DataversePushes, ForceApiPushes, Pushes
from simulator.integration.source import SourceUnreachable
from simulator.integration.store import Store
from simulator.processes.loopback import HOST, serving

_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class RunningIntegration:
    """What runs: the address for the portal, and how many events wait, went and are dead."""

    url: str
    store: Store


@contextmanager
def running_integration(
    path: Path,
    *,
    state: Path | None,
    plan: FaultPlan = NO_FAULTS,
    say: Callable[[str], None] = lambda _words: None,
) -> Iterator[RunningIntegration]:
    """Run until the block ends; raises BadInput for what the user can correct."""
    rules = read_map(path)
    secret, events_secret, token = _secrets(rules, path)
    check_authority(path, rules.source)
    stopped = threading.Event()
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(state)))
        system = stack.enter_context(closing(_system(rules.source, secret)))
        delivery = PortalDelivery(rules.portal.url, secret=events_secret, now=wall_now)
        faults = Faults(plan, wall_now)
        source = FaultySource(system, faults)
        portal = stack.enter_context(closing(FaultyPortal(delivery, faults)))
        flow = Flow(rules, source, portal, store, now=wall_now, on_trouble=say, faults=faults)
        pushes = _pushes(stack, rules, system, say)
        application = experience_app(rules, source, store, flow, faults, token=token, pushes=pushes)
        url = stack.enter_context(serving(application, rules.portal.port))
        thread = threading.Thread(target=_loop, args=(flow, stopped), name="flow", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopped.set)
        yield RunningIntegration(url, store)


def _system(rule: SourceRule, secret: str) -> DataverseSystem | ForceApiSystem:
    if isinstance(rule, DataverseSource):
        return DataverseSystem(rule, secret)
    return ForceApiSystem(rule, secret)


def _pushes(
    stack: ExitStack,
    rules: IntegrationMap,
    system: DataverseSystem | ForceApiSystem,
    say: Callable[[str], None],
) -> Pushes | None:
    """Hear of changes at once, if the map says so; without it they are read now and then."""
    if isinstance(rules.source, DataverseSource):
        if not rules.source.webhook_variable:
            return None
        return DataversePushes(os.environ[rules.source.webhook_variable])
    if not rules.source.has_pushes or not isinstance(system, ForceApiSystem):
        return None
    url = f"http://{HOST}:{rules.portal.port}{PUSHES_PATH}"
    try:
        subscription_id, secret = system.subscribe(url)
    except SourceUnreachable as trouble:
        say(f"no pushes, the feed is read every {rules.source.poll_seconds:g} s: {trouble}")
        return None
    stack.callback(_unsubscribe, system, subscription_id)
    return ForceApiPushes(secret)


def _unsubscribe(system: ForceApiSystem, subscription_id: str) -> None:
    # If it is gone already, so is the subscription or the one who would push.
    with suppress(SourceUnreachable):
        system.unsubscribe(subscription_id)


def until_stopped(
    path: Path,
    *,
    state: Path | None,
    plan: FaultPlan,
    say: Callable[[str], None],
    show: Callable[[str], None],
) -> None:
    """Run until a signal arrives; `show` gets the address for the portal."""
    stopped = threading.Event()
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in kinds}
    try:
        with running_integration(path, state=state, plan=plan, say=say) as running:
            show(running.url)
            stopped.wait()
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _loop(flow: Flow, stopped: threading.Event) -> None:
    while not stopped.wait(_LOOK_SECONDS):
        flow.step()


def _secrets(rules: IntegrationMap, path: Path) -> tuple[str, str, str]:
    source = rules.source
    names = [
        source.secret_variable if isinstance(source, DataverseSource) else source.token_variable,
        rules.portal.events_variable,
        rules.portal.token_variable,
    ]
    heard = [source.webhook_variable] if isinstance(source, DataverseSource) else []
    missing = [each for each in (*names, *filter(None, heard)) if not os.environ.get(each)]
    if missing:
        raise BadInput(
            f"{path}: not in the environment: {', '.join(missing)}; export them, or name other "
            "variables in the map"
        )
    secret, events_secret, token = (os.environ[each] for each in names)
    return secret, events_secret, token
