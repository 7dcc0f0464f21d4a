"""What the first portal kept of a burglary's worth of use: rows of each of its tables.

They stand here as it wrote them, so that no later portal's code has a part in them.
"""

import hmac
from typing import Any

from tests.reference.portal.crimes import CRIME, IDENTITY_KEY, MOBILE

SESSION = "session-of-the-first-portal"
_RECORD = (
    b'{"person_id":"alex","given_name":"Si\xc3\xa2n","family_name":"Marsh","born":"1980-02-29",'
    b'"mobile_phone":"07700900123","other_phone":"","email":"",'
    b'"preferred_channels":["text","email"],"safe_to_contact":true,"enhanced_rights":false,'
    b'"agreed_word_digest":"636dfe24de772da30514b446014e973073c83e7918857fd2e64f452c48cd6965",'
    b'"update_frequency_days":null}'
)
_TASK = (
    b'{"key":"58c1","crime_reference":"43260000001","kind":"victim_question","person_id":"alex",'
    b'"reason":"the victim has written through the portal","for_officer":"","for_team":"",'
    b'"due_at":null}'
)
_VICTIM = {"crime_reference": CRIME, "person_id": "alex"}


def _digest(token: str) -> str:
    return hmac.new(IDENTITY_KEY.encode(), token.encode(), "sha256").hexdigest()


OLD_ROWS: dict[str, list[dict[str, Any]]] = {
    "event_seen": [
        {"source": "crime-system", "id": "event-1"},
        {"source": "crime-system", "id": "event-2"},
    ],
    "event_waiting": [
        {
            "crime_reference": "999",
            "event_id": "event-2",
            "type": "OfficerDeployed",
            "time": 1780484400,
            "data": b'{"crime_reference":"999","deployed_at":"2026-06-03T11:00:00Z"}',
        }
    ],
    "crime": [
        {
            "reference": CRIME,
            "force": "thames_valley",
            "offence": "Theft of a pedal cycle",
            "offence_subgroup": "Bicycle theft",
            "safeguarding": "",
            "status": "open",
            "officer": "PC Okafor",
            "collar_number": "4271",
            "team": "",
            "recorded_at": 1791975600,
            "updated_at": 1791975600,
            "allocated_at": 1791975600,
            "ended_at": 0,
        },
        {
            "reference": "43260000002",
            "force": "hampshire",
            "offence": "Stalking",
            "offence_subgroup": "Stalking and harassment",
            "safeguarding": "domestic_abuse sexual",
            "status": "closed",
            "officer": "",
            "collar_number": "",
            "team": "Investigations \N{EM DASH} North",
            "recorded_at": 1780484400,
            "updated_at": 1780484400,
            "allocated_at": 0,
            "ended_at": 1780570800,
        },
    ],
    "person": [
        {
            "person_id": "alex",
            "record": _RECORD,
            "written_at": 1780484400,
            "text_address": MOBILE,
            "email_address": "",
            "registered_at": 1791975600,
        },
        {
            "person_id": "sam",
            "record": _RECORD.replace(b'"alex"', b'"sam"'),
            "written_at": 1780484400,
            "text_address": "",
            "email_address": "sam@mail.example",
            "registered_at": None,
        },
    ],
    "address_stopped": [{"address": "07700900999", "reason": "bounced"}],
    "victim": [
        {
            **_VICTIM,
            "exclusion": "",
            "invited_at": 1791975600,
            "last_news_at": 1791975600,
            "advice_sent": 0,
            "journey_at": 1792148400,
            "journey_kind": "advice",
        },
        {
            "crime_reference": "43260000002",
            "person_id": "sam",
            "exclusion": "safeguarding",
            "invited_at": None,
            "last_news_at": 1780484400,
            "advice_sent": 1,
            "journey_at": None,
            "journey_kind": None,
        },
    ],
    "entry": [
        {
            "crime_reference": CRIME,
            "person_id": "",
            "at": 1791975600,
            "kind": "CrimeRecorded",
            "title": "We have recorded what happened to you",
            "text": "Thank you for telling us.",
        }
    ],
    "outbox": [
        {
            **_VICTIM,
            "notice": "invitation",
            "channel": "text",
            "event_id": "event-1",
            "due_at": 1791975600,
            "attempts": 0,
            "status": "sent",
            "held_because": "",
            "address": MOBILE,
            "message_id": "message-1",
            "sent_at": 1791975600,
        },
        {
            **_VICTIM,
            "notice": "update",
            "channel": "text",
            "event_id": "event-3",
            "due_at": 1791979200,
            "attempts": 2,
            "status": "waiting",
            "held_because": "weekly limit",
            "address": None,
            "message_id": None,
            "sent_at": None,
        },
    ],
    "errand": [
        {
            "key": "task:58c1",
            "kind": "task",
            "crime_reference": CRIME,
            "body": _TASK,
            "due_at": 0,
            "attempts": 3,
            "done": 0,
        }
    ],
    "invitation": [
        {
            "token_digest": _digest("invitation-of-the-first-portal"),
            "person_id": "alex",
            "cause": "event-1",
            "expires_at": 1793185200,
            "used": 1,
        }
    ],
    "sign_in_step": [
        {
            "step_digest": _digest("step-of-the-first-portal"),
            "person_id": "",
            "address": MOBILE,
            "code_digest": "",
            "attempts": 1,
            "expires_at": 1791977400,
        }
    ],
    "sign_in_attempt": [{"whose": MOBILE, "attempts": 3, "until": 1791979200}],
    "session": [
        {"token_digest": _digest(SESSION), "person_id": "alex", "expires_at": 1791977400},
    ],
    "post": [
        {
            "key": "58c1",
            **_VICTIM,
            "at": 1791975600,
            "author": "victim",
            "name": "",
            "text": "Any news?\n<b>Please</b>",
        }
    ],
}
