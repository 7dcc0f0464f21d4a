"""Finds persons recorded twice by likeness: Splink's linkage, in the same database, without labels.

Pairs of records are compared that agree on a date of birth, a number, an address or a name. How
much each agreement says is learnt from the extract itself (Fellegi and Sunter). What it finds is a
question for a person, never a merge.
"""

import time
import warnings
from typing import TYPE_CHECKING, Any

from simulator.contact_data.columns import ColumnMap
from simulator.errors import SuiteError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: A pair as likely as this to be one person is shown.
PROBABILITY_MIN = 0.95
_MEMORY_MB = 3000
_SAMPLED_PAIRS = 1_000_000
_NAME = "nullif(strip_accents(lower(regexp_replace({}, '[^\\pL]', '', 'g'))), '')"


def link_people(database: "DuckDBPyConnection", columns: ColumnMap) -> float:
    """Add likely second records to `finding`; return the seconds it took.

    Raises SuiteError if the extract has too little in common to learn from.
    """
    started = time.perf_counter()
    [(before,)] = database.execute("SELECT current_setting('memory_limit')").fetchall()
    database.execute(f"SET memory_limit = '{_MEMORY_MB}MB'")
    who = "person_id" if columns.has("person_id") else "n::VARCHAR"
    database.execute(
        f"CREATE TABLE person_to_link AS SELECT min(n) AS unique_id, {who} AS who, "
        f"any_value({_NAME.format('given_name')}) AS given, "
        f"any_value({_NAME.format('family_name')}) AS family, any_value(born)::VARCHAR AS born, "
        "any_value(nullif(m_mobile, '')) AS mobile, any_value(nullif(e_email, '')) AS email "
        f"FROM record JOIN reading USING (n) WHERE NOT is_suspect AND {who} <> '' GROUP BY 2"
    )
    try:
        pairs = _pairs(database)
    except Exception as error:  # noqa: BLE001  Splink raises whatever its SQL or training meets
        said = str(error).splitlines() or [type(error).__name__]
        raise SuiteError(
            f"--linkage: the records could not be linked ({said[0]:.200}); leave --linkage out, or "
            "give more records with names and dates of birth"
        ) from None
    database.execute(
        "INSERT INTO finding SELECT n, 'person_id', 'person_twice_perhaps', '', "
        "'likely the same person as ' || other || ' (' || round(100 * probability)::INTEGER "
        f"|| '%)' FROM (SELECT greatest(unique_id_l, unique_id_r) AS n, "
        "arg_max(one.who, match_probability) AS other, max(match_probability) AS probability "
        f"FROM {pairs} JOIN person_to_link AS one ON one.unique_id = least(unique_id_l, "
        "unique_id_r) GROUP BY 1) WHERE n NOT IN "
        "(SELECT n FROM finding WHERE kind = 'person_twice')"
    )
    database.execute(f"SET memory_limit = '{before}'")
    return time.perf_counter() - started


def _pairs(database: "DuckDBPyConnection") -> str:
    """Compare records with Splink; return the name of the table of likely pairs."""
    splink: Any = __import__("splink")
    compare: Any = __import__("splink.comparison_library", fromlist=["comparison_library"])
    block = splink.block_on
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            compare.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            compare.DamerauLevenshteinAtThresholds("born", [1, 2]),
            compare.ExactMatch("mobile"),
            compare.ExactMatch("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block("given", "family"),
            block("mobile"),
            block("email"),
            block("born", "substr(family, 1, 1)"),
            block("born", "substr(given, 1, 1)"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = splink.DuckDBAPI(connection=database)
        # Splink's own reports are turned off: the command has a progress bar.
        linker = splink.Linker(api.register("person_to_link"), settings, log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block("given", "family", "born"), block("mobile", "family")], recall=0.7
        )
        training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=1)
        training.estimate_parameters_using_expectation_maximisation(block("given", "family"))
        training.estimate_parameters_using_expectation_maximisation(block("born"))
        found = linker.inference.predict(threshold_match_probability=PROBABILITY_MIN)
    return str(found.physical_name)
