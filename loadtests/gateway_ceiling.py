"""How many messages a second our gateway takes by itself: if the portal sends as many, we are slow.

Measured before the burst, while the portal rests, with Notify's smoke-test recipient: the gateway
does all its work, and keeps nothing.
"""

import threading
import time
from datetime import datetime

import jwt
import msgspec
import urllib3

from simulator.neighbours.gateway.notify import TEXT_TEMPLATE_ID
from simulator.neighbours.gateway.notify_service import parts_of_key

#: The best of so many looks counts: other work on the machine only makes it slower.
LOOKS, SECONDS = 3, 0.5
_SENDERS = 2
_SMOKE_TEST_NUMBER = "07700900000"


def gateway_per_second_max(url: str, api_key: str, now: datetime) -> float:
    """Send as fast as two connections do, a few times; return the most messages taken a second."""
    service_id, secret = parts_of_key(api_key)
    claims = {"iss": service_id, "iat": int(now.timestamp())}
    headers = {
        "authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}",
        "content-type": "application/json",
    }
    body = msgspec.json.encode(
        {
            "phone_number": _SMOKE_TEST_NUMBER,
            "template_id": TEXT_TEMPLATE_ID,
            "personalisation": {"body": "There is an update."},
        }
    )
    return max(_looked(url, headers, body) for _look in range(LOOKS))


def _looked(url: str, headers: dict[str, str], body: bytes) -> float:
    """Send for a while; return messages taken a second."""
    taken = [0] * _SENDERS
    end = time.monotonic() + SECONDS

    def send(number: int) -> None:
        with urllib3.PoolManager(retries=False) as http:
            while time.monotonic() < end:
                answer = http.request(
                    "POST", f"{url}/v2/notifications/sms", body=body, headers=headers
                )
                taken[number] += answer.status == 201

    threads = [threading.Thread(target=send, args=(number,)) for number in range(_SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(taken) / SECONDS
