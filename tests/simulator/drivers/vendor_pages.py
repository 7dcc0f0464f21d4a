"""A made-up vendor's pages, built in another way than the reference's, and their selectors file.

Each page is the same whoever asks and however: a form leads to the next page by its address. Tests
put other pages in their place.
"""

from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

SELECTORS = r"""
[sign_in]
path = "/login?portal=victims"
address = "role=textbox[name='Phone or email']"
go_on = "text=Next"
[invitation]
[date_of_birth]
day = "#d"
month = "#m"
year = "#y"
go_on = "text=Next"
[one_time_code]
code = "#otp"
go_on = "text=Next"
[signed_in]
shows = "#bye"
sign_out = "#bye"
[refusal]
shows = "[role=alert]"
[crimes]
path = "/home"
each = "tr.case"
empty = "#none"
link = "a"
reference = { selector = "a", pattern = "^Case (\\d+)" }
offence = "td:nth-child(2)"
status = { selector = "td:nth-child(3)", attribute = "title" }
updated_at = { selector = "td:nth-child(4)", format = "%d/%m/%Y %H:%M" }
[crime]
officer_in_charge = "#officer"
[timeline]
each = ".step"
empty = "#no-steps"
title = "b"
text = "i"
at = { selector = "small", format = "%d/%m/%Y %H:%M" }
[conversation]
each = ".post"
empty = "#talk"
text = "pre"
name = "h3"
at = { selector = "time", attribute = "datetime" }
by_victim = ".mine"
waits = "text=not delivered"
[question]
text = "textarea"
send = "text=Send"
instead = "#shut"
[advice]
path = "/help"
each = ".tip"
empty = "#no-tips"
title = "b"
summary = "i"
[contact]
path = "/me"
by_text = "#sms"
by_email = "#mail"
text_address = "#sms-to"
email_address = "#mail-to"
save = "text=Save"
stop = "text=Stop"
[withdrawal]
link = "text=May I end it?"
go_on = "text=Go on"
confirm = "text=I am sure"
[not_for_me]
path = "/wrong-person"
address = "#what"
go_on = "text=Stop"
[statuses]
open = "^Live"
closed = "^Ended"
[kinds]
OfficerDeployed = "officer sent"
other = "^News"
"""

BYE = '<form action="/login" method="post"><button id="bye">Leave</button></form>'
LOGIN = (
    '<form action="/birthday" method="post"><label>Phone or email <input name="who"></label>'
    "<button>Next</button></form>"
)
BIRTHDAY = (
    '<form action="/code" method="post"><input id="d" name="d"><input id="m" name="m">'
    '<input id="y" name="y"><button>Next</button></form>'
)
CODE = '<form action="/home" method="post"><input id="otp" name="otp"><button>Next</button></form>'
CASE = """
<p id="officer">PC Okafor, 4271</p>
<div class="step"><small>01/02/2026 09:30</small><b>An officer sent</b><i>To you.</i></div>
<div class="step"><small>02/07/2026 09:30</small><b>Something of our own</b></div>
<h2 id="talk">Talk</h2>
<div class="post"><div class="mine"><time datetime="2026-02-01T09:31:00Z"></time>
<pre>Is it <b>?
two  lines</pre> not delivered</div></div>
<div class="post"><h3>PC Okafor</h3><time datetime="2026-02-01T10:00:00Z"></time>
<pre>It is.</pre></div>
<form action="/asked" method="post"><textarea name="words"></textarea><button>Send</button></form>
<a href="/end">May I end it?</a>
""".replace("<b>?", "&lt;b&gt;?")
HOME = """<table>
<tr class="case"><td><a href="/case/x7Qp">Case 9001</a></td><td>Burglary</td>
<td title="Live since May">open</td><td>01/07/2026 00:30</td></tr></table>"""
HELP = '<div class="tip"><b>Locks</b><i>Good ones.</i></div><div class="tip"><b>Bells</b></div>'
ME = """<form action="/saved" method="post">
<input type="checkbox" id="sms" name="sms" value="on" checked><span id="sms-to">…101</span>
<input type="checkbox" id="mail" name="mail" value="on"><span id="mail-to">a…@example.com</span>
<button>Save</button></form>
<form action="/stopped" method="post"><button>Stop</button></form>
"""
WITHDRAWAL = '<form action="/sure" method="post"><button>Go on</button></form>'
SURE = '<form action="/withdrawn" method="post"><button>I am sure</button></form>'
WRONG_PERSON = (
    '<form action="/thanks" method="post"><input id="what" name="what"><button>Stop</button></form>'
)

PAGES = {
    "/login": LOGIN,
    "/invited/Secret-Token-0123456789": BIRTHDAY,
    "/birthday": BIRTHDAY,
    "/code": CODE,
    "/home": BYE + HOME,
    "/case/x7Qp": BYE + CASE,
    "/help": BYE + HELP,
    "/me": BYE + ME,
    "/asked": BYE,
    "/saved": BYE,
    "/stopped": BYE,
    "/end": BYE + WITHDRAWAL,
    "/sure": BYE + SURE,
    "/withdrawn": BYE + "<title>Asked</title>An officer will speak to you",
    "/wrong-person": WRONG_PERSON,
    "/thanks": "Thank you",
}


class VendorPages:
    """The pages by path, each with its status, and what was asked: method, path, form, cookie."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.application = Starlette(
            routes=[Route("/{path:path}", self._show, methods=["GET", "POST"])]
        )
        self.reset()

    def reset(self) -> None:
        """Be as at first."""
        self.pages = dict(PAGES)
        self.statuses = {}
        self.asked.clear()

    def forms(self, path: str) -> list[dict[str, str]]:
        """List the forms that were sent to a path."""
        return [form for method, at, form, _cookie in self.asked if (method, at) == ("POST", path)]

    async def _show(self, request: Request) -> Response:
        path, form = request.url.path, dict(parse_qsl((await request.body()).decode()))
        cookie = request.cookies.get("who", "")
        self.asked.append((request.method, path, form, cookie))
        html = self.pages.get(path, "")
        status = self.statuses.get(path, 200 if html else 404)
        title = "<title>Vendor</title>" if html else "<title>No such page</title>"
        response = HTMLResponse(f"<!doctype html>{title}<body>{html}", status)
        if form.get("otp"):
            response.set_cookie("who", form["otp"])
        if path == "/login":
            response.delete_cookie("who")
        return response
