"""The report on a verified pack: who signed what, every verdict of the judge, and the overrides."""

from simulator.legible import on_one_line
from simulator.pack.manifest import PackedRun
from simulator.pack.verify import VerifiedPack
from simulator.report.amounts import day, moment, several


def describe_pack(checked: VerifiedPack) -> str:
    """Describe in lines what was checked and what was not."""
    manifest = checked.manifest
    signatory = manifest.signatory
    lines = [
        f"Signed by {signatory.name}, {signatory.role}, on {moment(manifest.signed_at)}",
        f"Valid until the end of {day(manifest.expires)}",
        f"Portal: {manifest.claims.name} {manifest.claims.version}",
        f"Order: {manifest.order}; suite: {manifest.suite_version}",
        *(_run(each) for each in manifest.runs),
        *(
            (
                f"Override: {each.requirement}, {each.original} by the judge, {each.verdict} by "
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
    return f"{run.folder}: {run.verdict} by the judge, {run.portal}{phase}"


def _conclusion(checked: VerifiedPack) -> str:
    files = several(len(checked.manifest.files), "file")
    if checked.is_expected:
        return f"VERIFIED: {files} unchanged since signing with the key given."
    return (
        f"COULD NOT VERIFY: {files} unchanged since signing, but only by the key in the pack "
        "itself, which anyone could have put there. Compare the fingerprint with the signatory "
        "over another channel, or give their public key as --key."
    )
