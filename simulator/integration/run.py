"""Runs an integration as a service: reads, delivers and answers the portal until it is stopped."""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
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
from simulator.integration.filing import Filing
from simulator.integration.flow import Flow
from simulator.integration.force_api_system import ForceApiSystem
from simulator.integration.layers import LayerTokens, Org
from simulator.integration.map_file import (
    DataverseSource,
    IntegrationMap,
    LayersRule,
    SourceRule,
    check_authority,
    read_map,
    read_org_map,
)
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.portal_delivery import Portal, PortalDelivery
from simulator.integration.pushed_changes import DataversePushes, ForceApiPushes, Pushes
from simulator.integration.salesforce_system import SalesforceSystem
from simulator.integration.sent_messages import SentMessages
from simulator.integration.source import SourceUnreachable
from simulator.integration.store import Store
from simulator.integration.victim_words import VictimWords
from simulator.processes.loopback import HOST, serving
from simulator.processes.signals import until_signalled

_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class RunningIntegration:
    """What runs: the address for the portal, and how many events wait, went and are dead.

    `made_up` is a tester's variable and token, for dead letters and faults; "" if it has one.
    """

    url: str
    store: Store
    made_up: str


@contextmanager
def running_integration(
    path: Path,
    *,
    state: Path | None,
    org_map: Path | None = None,
    plan: FaultPlan = NO_FAULTS,
    say: Callable[[str], None] = lambda _words: None,
) -> Iterator[RunningIntegration]:
    """Run until the block ends; raises BadInput for what the user can correct."""
    rules = read_map(path)
    secret, token, *_ = _secrets(
        path, *_names(rules), *([] if org_map else [rules.portal.events_variable])
    )
    check_authority(path, rules.source)
    layers = _layer_tokens(path, rules.layers, token)
    stopped = threading.Event()
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(state)))
        system = stack.enter_context(closing(_system(rules.source, secret)))
        faults = Faults(plan, wall_now)
        source = FaultySource(system, faults)
        filing = Filing(rules, source)
        steps: list[Callable[[], None]] = []
        sink = _portal(rules) if org_map is None else _org(org_map, filing, store, say, steps)
        portal = stack.enter_context(closing(FaultyPortal(sink, faults)))
        flow = Flow(rules, source, portal, store, now=wall_now, on_trouble=say, faults=faults)
        steps.insert(0, flow.step)
        pushes = _pushes(stack, rules, system, say)
        # The interface asks the org in a thread of its own.
        org = None if org_map is None else _to_org(stack, org_map)
        application = experience_app(
            rules,
            source,
            store,
            flow,
            faults,
            token=token,
            pushes=pushes,
            org=org,
            layers=layers,
            messages=_messages(org_map, org, say),
        )
        url = stack.enter_context(serving(application, rules.portal.port))
        thread = threading.Thread(target=_loop, args=(steps, stopped), name="flow", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopped.set)
        has_one = os.environ.get(rules.layers.tester_variable)
        made_up = "" if has_one else f"{rules.layers.tester_variable}={layers.tester}"
        yield RunningIntegration(url, store, made_up)


def _portal(rules: IntegrationMap) -> Portal:
    """Deliver to a portal that is called as the contract says."""
    secret = os.environ[rules.portal.events_variable]
    return PortalDelivery(rules.portal.url, secret=secret, now=wall_now)


def _org(
    path: Path,
    filing: Filing,
    store: Store,
    say: Callable[[str], None],
    steps: list[Callable[[], None]],
) -> Portal:
    """Deliver into an org, and have what victims write there filed."""
    rules = read_org_map(path)
    [secret] = _secrets(path, rules.org.secret_variable)
    system = SalesforceSystem(rules.org, secret)
    words = VictimWords(system, filing, store, now=wall_now, on_trouble=say)
    steps.append(partial(words.step, rules.org.poll_seconds))
    return OrgDelivery(rules, system)


def _to_org(stack: ExitStack, path: Path) -> Org:
    rules = read_org_map(path)
    system = SalesforceSystem(rules.org, os.environ[rules.org.secret_variable])
    stack.callback(system.close)
    return OrgDelivery(rules, system), system


def _messages(
    path: Path | None, org: Org | None, say: Callable[[str], None]
) -> SentMessages | None:
    """Hear what became of messages, if the map says so; the key is known after the first time."""
    if path is None or org is None:
        return None
    rule = read_org_map(path).messages
    if not rule.signature_variable:
        return None
    return SentMessages(rule, org[1], os.environ.get(rule.signature_variable, ""), say)


def _layer_tokens(path: Path, rule: LayersRule, portals: str) -> LayerTokens:
    """Read the token of each layer that has one; raises BadInput if one opens two doors."""
    tester = os.environ.get(rule.tester_variable) or secrets.token_urlsafe()
    named = {"process": rule.process_variable, "system": rule.system_variable}
    names = {layer: name for layer, name in named.items() if name}
    tokens = dict(zip(names, _secrets(path, *names.values()), strict=True))
    if len({portals, tester, *tokens.values()}) < len(tokens) + 2:
        variables = ", ".join((rule.tester_variable, *names.values()))
        raise BadInput(
            f"{path}: layers: {variables}: a token is the portal's, or another layer's; give each "
            "a token of its own"
        )
    return LayerTokens(tester=tester, **tokens)


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
    org_map: Path | None,
    plan: FaultPlan,
    say: Callable[[str], None],
    show: Callable[[RunningIntegration], None],
) -> None:
    """Run until a signal arrives; `show` gets what runs."""
    running = running_integration(path, state=state, org_map=org_map, plan=plan, say=say)
    with until_signalled() as wait, running as found:
        show(found)
        wait()


def _loop(steps: list[Callable[[], None]], stopped: threading.Event) -> None:
    while not stopped.wait(_LOOK_SECONDS):
        for step in steps:
            step()


def _names(rules: IntegrationMap) -> tuple[str, ...]:
    """Name the variables that hold the secrets of the force's system and of its portal."""
    source, portal = rules.source, rules.portal
    if isinstance(source, DataverseSource):
        heard = [source.webhook_variable] if source.webhook_variable else []
        return source.secret_variable, portal.token_variable, *heard
    return source.token_variable, portal.token_variable


def _secrets(path: Path, *names: str) -> list[str]:
    """Read secrets from the environment; raises BadInput naming those that are not there."""
    missing = [each for each in names if not os.environ.get(each)]
    if missing:
        raise BadInput(
            f"{path}: not in the environment: {', '.join(missing)}; export them, or name other "
            "variables in the map"
        )
    return [os.environ[each] for each in names]
