"""The defects register: what people decided about each defect, kept by the test manager.

A TOML file that the suite reads and never writes. It cannot change a verdict or hide a defect. It
says who owns a defect, whether it is disputed, and who waives it, why and until when.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.verdicts import Kind

DefectId = Annotated[str, Meta(pattern="^D-[0-9a-f]{10}$")]
Words = Annotated[str, Meta(min_length=1, max_length=2_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Disposition(Strict, frozen=True, kw_only=True):
    """Who owns a defect and whether they accept it; `same_as` is another defect of one cause."""

    id: DefectId
    owner: Annotated[str, Meta(max_length=200)] = ""
    disposition: Literal["", "accepted", "disputed"] = ""
    by: Annotated[str, Meta(max_length=200)] = ""
    reason: Annotated[str, Meta(max_length=2_000)] = ""
    same_as: Annotated[str, Meta(pattern="^(D-[0-9a-f]{10})?$")] = ""

    def __post_init__(self) -> None:
        if self.disposition and not self.by.strip():
            raise ValueError(f"by is empty; say who {self.disposition} {self.id}")
        if self.disposition == "disputed" and not self.reason.strip():
            raise ValueError(f"reason is empty; say why {self.id} is disputed")
        if self.same_as == self.id:
            raise ValueError(f"same_as is {self.id} itself; name another defect")


class _Signed(Strict, frozen=True, kw_only=True):
    """A decision that needs a name, a role and a reason."""

    name: Name
    role: Name
    reason: Words

    def __post_init__(self) -> None:
        for field in ("name", "role", "reason"):
            if not getattr(self, field).strip():
                raise ValueError(f"{field} is empty; a waiver or an override needs it")


class Waiver(_Signed, frozen=True, kw_only=True):
    """A defect that an authorised person lets pass until the end of a day."""

    defect: DefectId
    expires: date


class Override(_Signed, frozen=True, kw_only=True):
    """A person's verdict on a requirement in place of the judge's, which is always shown too."""

    requirement: Name
    original: Kind
    verdict: Literal["PASS", "WARNING", "FAIL", "REVIEW"]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.original == self.verdict:
            raise ValueError(
                f"verdict is {self.verdict}, the same as original; give another verdict"
            )


class Register(Strict, frozen=True, kw_only=True):
    """All decisions."""

    defect: tuple[Disposition, ...] = ()
    waiver: tuple[Waiver, ...] = ()
    override: tuple[Override, ...] = ()


def read_register(path: Path) -> Register:
    """Read a register; raises BadInput naming the file, the field, the value and the fix."""
    register = checked_toml.read(path, Register)
    _once(path, "defect", (each.id for each in register.defect))
    _once(path, "waiver", (each.defect for each in register.waiver))
    _once(path, "override", (each.requirement for each in register.override))
    merged = {each.id for each in register.defect if each.same_as}
    for index, each in enumerate(register.defect):
        if each.same_as in merged:
            raise BadInput(
                f"{path}: defect[{index}].same_as: {each.same_as} is itself the same as another "
                "defect; name that one"
            )
    return register


def _once(path: Path, table: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, id in enumerate(ids):
        if id in seen:
            raise BadInput(
                f"{path}: {table}[{index}]: there is another {table} for {id!r:.80}; keep one"
            )
        seen.add(id)
