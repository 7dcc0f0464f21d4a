"""The screen of a demonstration: the addresses, the victim, and everything that arrives.

Nothing is wrapped, so that the user can copy addresses, links and codes. If the output is not a
terminal, it is plain text.
"""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from simulator.clock import LONDON
from simulator.inputs.order import Order
from simulator.legible import legible, on_one_line
from simulator.neighbours.gateway.inbox import Accepted
from simulator.serve.crimes import Crime
from simulator.serve.typed_commands import ROWS

_LABEL_COLUMNS, _TYPED_COLUMNS = 14, 22
_LINES_MAX = 200
_PROMPT = "> "


class Screen:
    """Print; with `prompts`, ask for the next line and keep news apart from it."""

    def __init__(self, console: Console, *, prompts: bool) -> None:
        self._console = console
        self._prompts = prompts
        self._is_asking = False

    def ask(self) -> None:
        """Ask for the next line, if there is a person to type it."""
        if self._prompts and not self._is_asking:
            self._console.print(Text(_PROMPT, style="bold"), end="")
            self._is_asking = True

    def was_typed(self) -> None:
        """Note that the user typed the line, so the cursor is below it."""
        self._is_asking = False

    def show_addresses(self, portal: str, gateway: str, crime_system: str) -> None:
        """Print where everything listens."""
        self._print(Text("The reference portal, to try by hand", style="bold underline"))
        self._print()
        self._fact("Portal", f"{portal}  (open this)")
        self._fact("Gateway", f"{gateway}  (double of GOV.UK Notify's API)")
        self._fact("Crime system", f"{crime_system}  (double)")

    def show_order(self, ordered: Order, *, phase: int) -> None:
        """Print the portal's order, and what is turned off here."""
        messages = ordered.messages
        off = [f"bundling ({messages.bundle_minutes} minutes)"]
        off.append(f"the weekly limit ({messages.per_week_max})")
        if messages.quiet_from and messages.quiet_until:
            off.insert(0, f"quiet hours ({messages.quiet_from:%H:%M}-{messages.quiet_until:%H:%M})")
        self._fact("Order", f"{ordered.name}; phase {phase} is live")
        self._fact("Turned off", f"{', '.join(off)}: every message comes at once, at any hour")

    def show_crime(self, crime: Crime, *, in_hand: bool) -> None:
        """Print a crime with its victim, their addresses and their proof of identity."""
        known = crime.victim.known
        self._print()
        mark = "  (your commands are about this one)" if in_hand else ""
        self._fact(f"Crime {crime.number}", f"{crime.reference}  {crime.recorded.offence}{mark}")
        self._fact("Victim", f"{known.given_name} {known.family_name}")
        self._fact("Mobile", known.mobile_phone)
        self._fact("Email", known.email)
        if crime.victim.record.date_of_birth_digest:
            self._fact("Born", f"{crime.victim.proof}  (asked for at sign-in)")
        else:
            self._fact("Word", f"{crime.victim.proof}  (agreed with the officer, never sent)")

    def show_way_in(self) -> None:
        """Print what to do first."""
        self._print()
        self._print(
            "The victim's texts and emails arrive below. Open the link in the invitation, enter "
            "what it asks for, then the code that arrives."
        )
        self._print("Act as the officer by typing here; type help for the commands. Ctrl-C stops.")
        self._print()

    def show_help(self) -> None:
        """Print the commands."""
        for row in ROWS.values():
            self._print(f"  {row.shown:<{_TYPED_COLUMNS}} {row.says}")

    def show_message(self, message: Accepted, whose: str) -> None:
        """Print a text or an email as it arrives, word for word."""
        line = Text()
        line.append(f"{message.channel.upper()} to {on_one_line(message.to)}", "bold cyan")
        line.append(f" ({on_one_line(whose)})" if whose else " (nobody's)")
        if message.subject:
            line.append(f": {on_one_line(message.subject)}", "bold")
        self._news(message.accepted_at, line)
        lines = message.body.splitlines()
        for each in lines[:_LINES_MAX]:
            self._print(f"    {legible(each)}")
        if len(lines) > _LINES_MAX:
            self._print(f"    … ({len(lines) - _LINES_MAX:,} lines more)")

    def show_news(self, at: datetime, words: str, *, style: str = "") -> None:
        """Print one thing that happened."""
        self._news(at, Text(on_one_line(words), style=style))

    def say(self, words: str, *, style: str = "") -> None:
        """Print one sentence to the user."""
        self._print(Text(legible(words), style=style))

    def _news(self, at: datetime, line: Text) -> None:
        self._print(Text().append(f"{at.astimezone(LONDON):%H:%M:%S}  ", "dim").append_text(line))

    def _fact(self, name: str, words: str) -> None:
        label = f"  {name:<{_LABEL_COLUMNS}}"
        self._print(Text().append(label, "dim").append(legible(words), "bold"))

    def _print(self, words: str | Text = "") -> None:
        if self._is_asking:
            erase: Iterable[ControlType | tuple[ControlType, int]] = (
                ControlType.CARRIAGE_RETURN,
                (ControlType.ERASE_IN_LINE, 2),
            )
            self._console.control(Control(*erase))
            self._is_asking = False
        text = Text(words) if isinstance(words, str) else words
        self._console.print(text, soft_wrap=True)
