"""How often the force writes something down wrongly: the rates of stage 2, each with its source.

They are read from `fixtures/figures/data_quality.toml` and used by data_quality.
"""

from pathlib import Path

from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.figures import FIGURES


class NameMix(Strict, frozen=True, kw_only=True):
    """How often each fault of names occurs, compared with the others."""

    letter_inserted: Amount
    letter_deleted: Amount
    letter_substituted: Amount
    letters_transposed: Amount
    names_swapped: Amount
    other_form: Amount
    other_family_name: Amount
    family_name_missing: Amount
    placeholder: Amount

    def __post_init__(self) -> None:
        if not sum(self.weights):
            raise ValueError("every weight is 0; give at least one fault a weight")

    @property
    def weights(self) -> list[float]:
        """Weights in the order of NameFault, without NONE."""
        amounts: list[Amount] = [getattr(self, name) for name in self.__struct_fields__]
        return [amount.value for amount in amounts]


class Intake(Strict, frozen=True, kw_only=True):
    """One way in which reports come in, and how often details are written wrongly there."""

    share: Share
    errors: Amount


class DataQualityParameters(Strict, frozen=True, kw_only=True):
    """How often each fault occurs over all intakes."""

    name_wrong: Share
    name_mix: NameMix
    mobile_in_other_field: Share
    other_field_anothers: Share
    email_in_mobile_field: Share
    mobile_wrong: Share
    mobile_wrong_transposed: Share
    mobile_undialable: Share
    mobile_missing: Share
    email_missing: Share
    both_missing: Share
    email_wrong: Share
    email_wrong_reaches_another: Share
    number_spelt_otherwise: Share
    intake: dict[str, Intake]

    def __post_init__(self) -> None:
        total = sum(each.share.value for each in self.intake.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"intake shares add up to {total:g}; make that 1")
        for name, lean in zip(self.intake, self.leans, strict=True):
            if abs(lean) > 1:
                raise ValueError(f"intake.{name}.errors is more than 1 from the average of all")

    @property
    def leans(self) -> list[float]:
        """The difference of each intake's errors from the average."""
        mean = sum(each.share.value * each.errors.value for each in self.intake.values())
        return [each.errors.value - mean for each in self.intake.values()]

    def chances(self, rate: Share) -> list[float]:
        """Return the chance of a fault at each intake, so that the overall chance is `rate`."""
        return [rate.value * (1 + (1 - rate.value) * lean) for lean in self.leans]


def read_data_quality_parameters(
    *, path: Path = FIGURES / "data_quality.toml"
) -> DataQualityParameters:
    """Read the rates; raises BadInput naming the field."""
    return checked_toml.read(path, DataQualityParameters)
