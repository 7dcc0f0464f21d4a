"""What is said of a pack that is as it was signed: who signed what, and every verdict as judged."""

from simulator.legible import on_one_line
from simulator.pack.manifest import PackedRun
from simulator.pack.verify import Checked
from simulator.report.amounts import day, moment, several


def told(checked: Checked) -> str:
    """Tell a reader what was checked and what was not, in lines."""
    manifest = checked.manifest
    signatory = manifest.signatory
    lines = [
        f"Signed by {signatory.name}, {signatory.role}, on {moment(manifest.signed_at)}",
        f"Stands to the end of {day(manifest.expires)}",
        f"Portal: {manifest.claims.name} {manifest.claims.version}",
        f"Order: {manifest.order}; suite: {manifest.suite_version}",
        *(_run(each) for each in manifest.runs),
        *(
            (
                f"Put aside: {each.requirement}, {each.original} as judged, {each.verdict} by "
                f"{each.name}, {each.role}: {each.reason}"
            )
            for each in manifest.overrides
        ),
        f"Key: {signatory.key}",
        _conclusion(checked),
    ]
    return "\n".join(on_one_line(each) for each in lines)


def _run(run: PackedRun) -> str:
    phase = f", phase {run.phase}" if run.phase else ""
    return f"{run.folder}: {run.verdict} as judged, of {run.portal}{phase}"


def _conclusion(checked: Checked) -> str:
    files = several(len(checked.manifest.files), "file")
    if checked.is_expected:
        return f"VERIFIED: {files} as they were signed, with the key that was given."
    return (
        f"COULD NOT VERIFY: {files} as they were signed, but with the key in the pack itself, "
        "which anybody could have put there. Compare the fingerprint with the signatory by another "
        "way, or give their public key as --key."
    )
