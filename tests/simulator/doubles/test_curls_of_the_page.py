"""Each `curl` of docs/neighbours.md is answered as the page promises, in the order of the page."""

import re
import shlex
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import urllib3
from notifications_python_client.notifications import NotificationsAPIClient

from simulator.doubles.run import VARIABLES, Running, Settings, running_doubles
from simulator.neighbours.force_api.fields import OUR_FIELDS
from simulator.neighbours.gateway.notify_templates import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID
from tests.simulator.doubles.test_run import _free_ports

PAGE = Path(__file__).parents[3] / "docs" / "neighbours.md"
CURLS = re.findall(
    r"^(?:TOKEN=\$\()?(curl .+?)(?: \| python3 .+)?$",
    PAGE.read_text(encoding="utf-8"),
    re.MULTILINE,
)
ONE_LOGIN = PAGE.parents[1] / "scenarios" / "neighbours" / "one-login.toml"
#: The id of a message on the page, which a reader takes from Notify.
SHOWN_ID = "0f3c1d52-7a55-5f0e-9f3e-0d8f3b1c2a01"


class _Curl:
    """What one line asks: method, port, path, headers and body."""

    def __init__(self, line: str) -> None:
        self.method, self.body, self.headers = "GET", None, dict[str, str]()
        words = iter(shlex.split(line)[1:])
        for word in words:
            match word:
                case "-s":
                    continue
                case "-d":
                    self.method = "POST"
                    self.body = f"{self.body}&{next(words)}" if self.body else next(words)
                    self.headers["content-type"] = "application/x-www-form-urlencoded"
                case "-X":
                    self.method = next(words)
                case "--json":
                    self.method = "POST" if self.method == "GET" else self.method
                    self.body = next(words)
                    self.headers["content-type"] = "application/json"
                case "-H":
                    name, _, value = next(words).partition(": ")
                    self.headers[name] = value
                case _:
                    found = re.fullmatch(r"http://127\.0\.0\.1:(84\d\d)(/.*)", word)
                    assert found is not None, word
                    self.port, self.path = int(found[1]), found[2]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, int, dict[str, str]]]:
    """Doubles to which a portal has sent a text, an email and a letter; the first port, the ids."""
    first = _free_ports()
    folder = tmp_path_factory.mktemp("certificates")
    settings = Settings(
        first_port=first, force_api=OUR_FIELDS, one_login=ONE_LOGIN, salesforce=folder
    )
    with running_doubles(settings) as running:
        client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            running.made_up[VARIABLES["gateway"]], base_url=running.gateway_url
        )
        client.request_session.trust_env = False
        body = "Your code is 123456: https://portal.example/a"
        with client.request_session:
            email = client.send_email_notification(
                "alex@example.com",
                EMAIL_TEMPLATE_ID,
                personalisation={"subject": "An update", "body": "Sign in."},
            )
            letter = client.send_precompiled_letter_notification("letter-1", BytesIO(b"%PDF-1.4"))
            client.send_sms_notification(
                "07700900123", TEXT_TEMPLATE_ID, personalisation={"body": body}
            )
        yield running, first, {"/complaints": email["id"], "/returned-letters": letter["id"]}


def test_the_page_has_curls() -> None:
    """The first of them to record anything records a crime."""
    recording = [each for each in CURLS if "/events" in each and "--json" in each]

    assert len(CURLS) > 15
    assert '"type": "CrimeRecorded"' in recording[0]


def test_every_curl_of_the_page_is_answered(
    sent: tuple[Running, int, dict[str, str]],
) -> None:
    """None is refused: a reader who copies them sees what the page says."""
    running, first, ids = sent
    refused = []
    known = {f"${name}": value for name, value in running.made_up.items()}
    with urllib3.PoolManager(retries=False) as http:
        for line in CURLS:
            curl = _Curl(line)
            url = f"http://127.0.0.1:{first + curl.port - 8470}{curl.path}"
            headers = {name: _filled(value, known) for name, value in curl.headers.items()}
            body = curl.body and _filled(
                curl.body.replace(SHOWN_ID, ids.get(curl.path, SHOWN_ID)), known
            )
            answer = http.request(curl.method, url, body=body, headers=headers)
            if answer.status >= 300:
                refused.append((line, answer.status, answer.data))
            elif curl.path.endswith("/token"):
                known["$TOKEN"] = answer.json()["access_token"]

    assert not refused


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text
