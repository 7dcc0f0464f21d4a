"""Runs clients that others wrote, unmodified, against the doubles: `python -m tests.clients`.

Each folder of `fixtures/clients` has a lock of its own, and gets an environment of its own under
`out/clients`. What each client asked and was answered is written beside it, dated, so that
`make test` can replay it without the client. `make proof` runs this.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from msgspec import structs

from simulator.clock import wall_now
from simulator.doubles import run as doubles
from simulator.errors import SuiteError
from simulator.files.paths import ROOT
from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import ApiKey, NotifyService
from simulator.neighbours.gateway.notify_templates import (
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    Template,
    Templates,
)
from simulator.neighbours.marketing_cloud.api import marketing_cloud_app
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.tokens import Package, Tokens
from simulator.neighbours.one_login.api import one_login_app
from simulator.neighbours.one_login.provider import Provider
from simulator.neighbours.one_login.settings import Client
from simulator.neighbours.salesforce.api import salesforce_app
from simulator.neighbours.salesforce.oauth import ConnectedApp
from simulator.neighbours.salesforce.records import Records
from simulator.processes.asgi import Application
from simulator.processes.certificates import Certificates, loopback_certificates, signing_key
from simulator.processes.loopback import free_port, serving
from tests.recorded_exchanges import Recorder, exchanges_json
from tests.simulator.integration import officers_client, org_run, phone

CLIENTS = ROOT / "fixtures" / "clients"
OUT = ROOT / "out" / "clients"
SOQL_CORPUS = ROOT / "tests" / "simulator" / "neighbours" / "salesforce" / "soql_corpus.toml"
SECONDS_MAX = 300

SERVICE_ID = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"
SECRET = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c02"
TEAM_SECRET = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c03"
API_KEY = f"clients-{SERVICE_ID}-{SECRET}"
TEAM_KEY = f"clients-{SERVICE_ID}-{TEAM_SECRET}"
TENANT_ID = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c05"
ACCOUNT = ServiceAccount(tenant_id=TENANT_ID, client_id=SERVICE_ID, client_secret=SECRET)
#: So many calls the org of simple-salesforce takes, and then no more.
SALESFORCE_CALLS = 100
SENDER_ID = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c04"
LETTER_TEMPLATE_ID = "6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e03"
NAMED = {"text": str(uuid4()), "email": str(uuid4())}
CONTACT_BLOCK = """Government Digital Service
The White Chapel Building
10 Whitechapel High Street
London
E1 8QS
United Kingdom"""


def service() -> NotifyService:
    """A service with a live and a team key, that may send letters."""
    return NotifyService(
        id=SERVICE_ID,
        keys=(ApiKey(secret=SECRET), ApiKey(secret=TEAM_SECRET, kind="team")),
        senders=frozenset({SENDER_ID}),
        guest_list=frozenset({"07700900123"}),
        sends_letters=True,
    )


def named_templates() -> Templates:
    """The default templates, and one of each kind that holds a name, as Notify's tests want."""
    texts = Template(id=NAMED["text"], channel="text", name="Named", content="Hello ((name))")
    emails = structs.replace(texts, id=NAMED["email"], channel="email", subject="Hello")
    letter = structs.replace(
        texts,
        id=LETTER_TEMPLATE_ID,
        channel="letter",
        subject="Hello",
        content="Hello ((address_line_1))",
        contact_block=CONTACT_BLOCK,
    )
    return Templates.of(*DEFAULT_TEMPLATES.by_id.values(), texts, emails, letter)


def take_two_messages(inbox: Inbox) -> None:
    """Take an email with a code, and a text."""
    usual: dict[str, Any] = {"sender": "portal@force.example", "reference": "", "template_id": ""}
    inbox.accept(
        channel="email",
        to="alex@example.com",
        to_given="alex@example.com",
        subject="An update",
        body="Your code is 012345.",
        **usual,
    )
    inbox.accept(
        channel="text",
        to="07700900123",
        to_given="07700900123",
        subject="",
        body="There is an update.",
        **usual,
    )


@contextmanager
def _recorded(
    application: Application, name: str, *, tls: Certificates | None = None
) -> Iterator[str]:
    """Serve a double, and write what was asked and answered if all went well."""
    recorder = Recorder(application)
    with serving(recorder, free_port(), tls=tls) as url:
        yield url
    path = CLIENTS / name / "exchanges.json"
    path.write_text(exchanges_json(recorder.exchanges, on=wall_now().date()), encoding="utf-8")


def _gateway(inbox: Inbox) -> Application:
    return notify_app(inbox, service=service(), security_now=wall_now, templates=named_templates())


def notify_node() -> None:
    """Run notifications-node-client."""
    _notify("notify-node", _node)


def notify_node_5() -> None:
    """Run an old release of notifications-node-client."""
    _notify("notify-node-5", _node)


def notify_python_8() -> None:
    """Run an old release of notifications-python-client."""
    _notify("notify-python-8", _python)


def _notify(name: str, run: Callable[..., None]) -> None:
    with _recorded(_gateway(Inbox(wall_now)), name) as url:
        run(
            name,
            DOUBLE_URL=url,
            API_KEY=API_KEY,
            TEXT_TEMPLATE_ID=TEXT_TEMPLATE_ID,
            EMAIL_TEMPLATE_ID=EMAIL_TEMPLATE_ID,
        )


def mailpit_node() -> None:
    """Run mailpit-api."""
    inbox = Inbox(wall_now)
    take_two_messages(inbox)
    with _recorded(mailpit_app(inbox, chaos=Chaos()), "mailpit-node") as url:
        _node("mailpit-node", DOUBLE_URL=url)


def notify_integration() -> None:
    """Run GOV.UK Notify's own integration tests, with its current client."""
    name = "notify-integration"
    folder = _fresh(name)
    lock = CLIENTS / name / "requirements.txt"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    _run([*pip, "-r", str(lock), "-d", str(folder)], folder, {})
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        wanted = [each for each in packed.namelist() if each.startswith("integration_test/")]
        packed.extractall(folder, wanted)
    # The wheel lacks the one-page PDF that its tests send; the double takes any bytes.
    pdf = folder / "integration_test" / "test_files" / "one_page_pdf.pdf"
    pdf.parent.mkdir(exist_ok=True)
    pdf.write_bytes(b"%PDF-1.4\n%%EOF\n")
    inbox = Inbox(wall_now)
    inbox.received.take("07700900123", "A text sent back")
    with serving(_gateway(inbox), free_port()) as url:
        values = {
            "NOTIFY_API_URL": url,
            "API_KEY": API_KEY,
            "API_SENDING_KEY": TEAM_KEY,
            "INBOUND_SMS_QUERY_KEY": API_KEY,
            "SMS_TEMPLATE_ID": NAMED["text"],
            "EMAIL_TEMPLATE_ID": NAMED["email"],
            "LETTER_TEMPLATE_ID": LETTER_TEMPLATE_ID,
            "SMS_SENDER_ID": SENDER_ID,
            "EMAIL_REPLY_TO_ID": SENDER_ID,
            "FUNCTIONAL_TEST_NUMBER": "07700900123",
            "FUNCTIONAL_TEST_EMAIL": "alex@example.com",
        }
        _run([sys.executable, "-m", "integration_test.integration_tests"], folder, values)


def marketing_cloud() -> Application:
    """A business unit of Marketing Cloud that calls nobody."""
    return marketing_cloud_app(
        BusinessUnit(Inbox(wall_now)),
        tokens=Tokens(Package(client_id=SERVICE_ID, client_secret=SECRET), wall_now),
        post=lambda _url, _body, _headers: None,
    )


def sfmc_node() -> None:
    """Run sfmc-sdk."""
    with _recorded(marketing_cloud(), "sfmc-node") as url:
        _node("sfmc-node", DOUBLE_URL=url, CLIENT_ID=SERVICE_ID, CLIENT_SECRET=SECRET)


def fuelsdk_python() -> None:
    """Run FuelSDK-Sans."""
    name = "fuelsdk-python"
    folder = _fresh(name)
    python = _environment(folder, CLIENTS / name / "requirements.txt")
    with _recorded(marketing_cloud(), name) as url:
        values = {"DOUBLE_URL": url, "CLIENT_ID": SERVICE_ID, "CLIENT_SECRET": SECRET}
        _run([str(python), str(CLIENTS / name / "run.py")], folder, values)


def one_login_python() -> None:
    """Run govuk-onelogin-django and Authlib; nothing is kept, as every answer is signed anew."""
    name = "one-login-python"
    folder = _fresh(name)
    python = _environment(folder, CLIENTS / name / "requirements.txt")
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    client = Client(
        client_id=SERVICE_ID,
        public_key=public.decode(),
        redirect_urls=["http://localhost:8000/callback/"],
        proves_identity=True,
    )
    with serving(one_login_app(Provider(client, wall_now)), free_port()) as url:
        values = {"PRIVATE_KEY": base64.b64encode(private).decode(), "CLIENT_ID": SERVICE_ID}
        _run([str(python), str(CLIENTS / name / "run.py")], folder, {"DOUBLE_URL": url, **values})


def dataverse_python() -> None:
    """Run Microsoft's Dataverse client with azure-identity."""
    _dataverse("dataverse-python", _python)


def dynamics_client() -> None:
    """Run dynamics-client."""
    _dataverse("dynamics-client", _python)


def python_odata() -> None:
    """Run python-odata."""
    _dataverse("python-odata", _python)


def dynamics_web_api() -> None:
    """Run dynamics-web-api."""
    _dataverse("dynamics-web-api", _node)


def odata_client() -> None:
    """Run @odata/client."""
    _dataverse("odata-client", _node)


def _dataverse(name: str, run: Callable[..., None]) -> None:
    certificates = loopback_certificates(_fresh(f"{name}-certificates"))
    application = dataverse_app(Rows(wall_now), account=ACCOUNT, now=wall_now)
    authority = str(certificates.authority)
    with _recorded(application, name, tls=certificates) as url:
        run(
            name,
            DOUBLE_URL=url,
            TENANT_ID=TENANT_ID,
            CLIENT_ID=SERVICE_ID,
            CLIENT_SECRET=SECRET,
            REQUESTS_CA_BUNDLE=authority,
            SSL_CERT_FILE=authority,
            NODE_EXTRA_CA_CERTS=authority,
        )


def salesforce_org(public_key: str = "", *, calls_max: int = 0) -> Application:
    """An org whose pages are short, and whose day may have few calls."""
    return salesforce_app(
        Records(wall_now),
        app=ConnectedApp(key=SERVICE_ID, secret=SECRET, public_key=public_key),
        now=wall_now,
        calls_max=calls_max,
        page_rows=100,
    )


def salesforce_python() -> None:
    """Run simple-salesforce and aiosfstream-ng."""
    name = "salesforce-python"
    folder = _fresh(name)
    python = _environment(folder, CLIENTS / name / "requirements.txt")
    certificates = loopback_certificates(folder)
    org = salesforce_org(signing_key(folder / "app.key"), calls_max=SALESFORCE_CALLS)
    with _recorded(org, name, tls=certificates) as url:
        values = {
            "DOUBLE_URL": url,
            "KEY": SERVICE_ID,
            "SECRET": SECRET,
            "KEY_FILE": str(folder / "app.key"),
            "REQUESTS_CA_BUNDLE": str(certificates.authority),
            "SSL_CERT_FILE": str(certificates.authority),
        }
        _run([str(python), str(CLIENTS / name / "run.py")], folder, values)


def salesforce_node() -> None:
    """Run jsforce and the CometD project's client, the program of the page, and the SOQL corpus."""
    folder = OUT / "salesforce-node"
    with _recorded(salesforce_org(), "salesforce-node") as url:
        _node("salesforce-node", DOUBLE_URL=url, KEY=SERVICE_ID, SECRET=SECRET)
    page = (ROOT / "docs" / "neighbours.md").read_text(encoding="utf-8")
    [program] = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    with org_run.joined(folder) as parts:
        parts.record()
        program = program.replace("http://127.0.0.1:8481", parts.org_url)
        (folder / "case.mjs").write_text(program, encoding="utf-8")
        _run(["node", "case.mjs"], folder, {"SALESFORCE_CLIENT_SECRET": org_run.SECRET})
    queries = tomllib.loads(SOQL_CORPUS.read_text(encoding="utf-8"))["query"]
    (folder / "corpus.json").write_text(json.dumps(queries), encoding="utf-8")
    _run(["node", "soql.mjs"], folder, {})


def dataverse_phone() -> None:
    """Let an officer with Microsoft's client and a victim with a phone reach each other."""
    folder = _fresh("dataverse-phone")
    python = _environment(folder, CLIENTS / "dataverse-python" / "requirements.txt")
    os.environ.update(phone.NAMED)
    script = str(CLIENTS / "dataverse-python" / "officer.py")
    steps = {}
    with (
        phone.joined(folder) as parts,
        closing(phone.Victim(parts)) as victim,
        closing(phone.OfficerByHttp(parts.dynamics_url, parts.authority)) as other,
        officers_client.noted(parts) as (url, recorder),
    ):
        values = {
            "DOUBLE_URL": url,
            "TENANT_ID": doubles.TENANT_ID,
            "CLIENT_ID": doubles.CLIENT_ID,
            "CLIENT_SECRET": phone.CLIENT_SECRET,
            "REQUESTS_CA_BUNDLE": str(parts.authority),
            "SSL_CERT_FILE": str(parts.authority),
            "NUMBER": phone.NUMBER,
            "PERSON": phone.PERSON,
            "REFERENCE": phone.REFERENCE,
            "DIGEST": phone.DIGEST,
            "QUESTION": phone.QUESTION,
        }

        def officer(step: str) -> None:
            recorder.exchanges.clear()
            _run([str(python), script, step], folder, values)
            steps[step] = msgspec.to_builtins(recorder.exchanges)

        officer("record")
        victim.text()
        victim.ask()
        officer("update")
        victim.text(holding=phone.UPDATE)
        # The question is there, so that the client asks for it once.
        other.asked()
        officer("read")
    content = {"recorded_on": wall_now().date().isoformat(), "steps": steps}
    path = CLIENTS / "dataverse-phone" / "exchanges.json"
    path.write_text(f"{json.dumps(content, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


RUNS: Mapping[str, Callable[[], None]] = {
    "notify-integration": notify_integration,
    "notify-node": notify_node,
    "notify-node-5": notify_node_5,
    "notify-python-8": notify_python_8,
    "mailpit-node": mailpit_node,
    "dataverse-python": dataverse_python,
    "dynamics-client": dynamics_client,
    "python-odata": python_odata,
    "dynamics-web-api": dynamics_web_api,
    "odata-client": odata_client,
    "dataverse-phone": dataverse_phone,
    "sfmc-node": sfmc_node,
    "fuelsdk-python": fuelsdk_python,
    "one-login-python": one_login_python,
    "salesforce-python": salesforce_python,
    "salesforce-node": salesforce_node,
}


@click.command(help=__doc__)
@click.argument("names", nargs=-1, type=click.Choice(sorted(RUNS)))
def main(names: tuple[str, ...]) -> None:
    """Run the clients that were named, or all; exit with 1 if one failed."""
    failed = []
    for number, name in enumerate(names or RUNS, start=1):
        click.echo(f"{number} of {len(names or RUNS)}: {name}")
        try:
            RUNS[name]()
        except SuiteError as error:
            failed.append(name)
            click.echo(f"FAIL {name}: {error}")
    if failed:
        raise SystemExit(1)
    click.echo("Every client worked, unmodified.")


def _environment(folder: Path, lock: Path) -> Path:
    """Make an environment of a client's own; return its Python."""
    python = folder / ".venv" / "bin" / "python"
    _run([sys.executable, "-m", "venv", str(folder / ".venv")], folder, {})
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "-r", str(lock)], folder, {})
    return python


def _python(name: str, **environment: str) -> None:
    folder = _fresh(name)
    python = _environment(folder, CLIENTS / name / "requirements.txt")
    _run([str(python), str(CLIENTS / name / "run.py")], folder, environment)


def _node(name: str, **environment: str) -> None:
    folder = _fresh(name)
    shutil.copytree(CLIENTS / name, folder, dirs_exist_ok=True)
    _run(["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"], folder, {})
    _run(["node", "run.mjs"], folder, environment)


def _fresh(name: str) -> Path:
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run a client's command; raises SuiteError with its last words."""
    # A proxy of this machine is not for loopback.
    values = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **environment}
    done = subprocess.run(
        command,
        cwd=folder,
        env=values,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise SuiteError(f"{' '.join(command[:2])}: " + " | ".join(words[-6:]))
    if done.stdout.strip():
        click.echo(f"  {done.stdout.strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
