"""Proves the evidence of an official warning from its file alone: `python verify.py warning-4821.zip`.

Needs Python 3.11 and nothing else. Every byte of the file counts: the container is packed again and compared.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MANIFEST, CHAIN, TEXT, CONTRACT, PROTOCOL, SCRIPT, SEAL = (
    "manifest.json", "chain.json", "text.txt", "contract.txt", "protocol.json", "verify.py", "SEAL",
)  # fmt: skip
ATTEMPTS = "attempts.json"
"""Each time that a message was begun and what came of it; a file from before they were kept lacks it."""
CALCULATION = "calculation.json"
"""How the charges came about; a file may lack it."""

FOUNDATION = ("approval", "contract", "phone", "debt", "text")
LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is looked at."""


def canonical(told: object) -> bytes:
    """The one way in which JSON is written here."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip that comes out the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            zipped.writestr(entry, files[name])
    return out.getvalue()


def sealed(files: Mapping[str, bytes], head: Mapping[str, Any]) -> bytes:
    """A file of evidence: these files, a manifest of their hashes, and the seal of the manifest."""
    told = {**head, "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}
    manifest = canonical(told)
    seal = hashlib.sha256(manifest).hexdigest().encode() + b"\n"
    return packed({**files, MANIFEST: manifest, SEAL: seal})


def problems(content: bytes) -> list[str]:
    """All that does not hold in a file of evidence; nothing where it is whole."""
    try:
        files = _unpacked(content)
    except Exception as error:  # whatever a damaged container breaks, it is damaged
        return [f"not a whole zip file: {type(error).__name__}"]
    if packed(files) != content:
        return ["the container was changed"]
    missing = [one for one in (MANIFEST, CHAIN, TEXT, CONTRACT, PROTOCOL, SCRIPT, SEAL) if one not in files]
    if missing:
        return [f"missing: {name}" for name in missing]
    try:
        return list(_wrong(files))
    except Exception as error:  # what is not shaped as evidence is none
        return [f"not readable as evidence: {type(error).__name__}"]


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        entries = zipped.infolist()
        if sum(one.file_size for one in entries) > LARGEST:
            raise ValueError("too large")
        return {one.filename: zipped.read(one) for one in entries}


def _wrong(files: Mapping[str, bytes]) -> Iterator[str]:
    manifest = json.loads(files[MANIFEST])
    if canonical(manifest) != files[MANIFEST]:
        yield f"{MANIFEST} was written anew"
    if files[SEAL] != hashlib.sha256(files[MANIFEST]).hexdigest().encode() + b"\n":
        yield f"{SEAL} is not that of {MANIFEST}"
    hashes: dict[str, str] = manifest["files"]
    if set(hashes) != set(files) - {MANIFEST, SEAL}:
        yield "the files are not those of the manifest"
    for name, digest in sorted(hashes.items()):
        if hashlib.sha256(files.get(name, b"")).hexdigest() != digest:
            yield f"{name} was changed"
    rows = json.loads(files[CHAIN])
    if canonical(rows) != files[CHAIN]:
        yield f"{CHAIN} was written anew"
    yield from _chain(rows, manifest)
    yield from _contents(rows, files, manifest)


def _chain(rows: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any]) -> Iterator[str]:
    previous = ""
    for no, row in enumerate(rows, 1):
        digest = hashlib.sha256(canonical(row["body"])).hexdigest()
        at = datetime.fromisoformat(row["at"]).astimezone(UTC).isoformat(timespec="microseconds")
        told = [row["previous"], row["no"], row["what"], at, row["digest"]]
        sound = row["no"] == no and row["previous"] == previous and row["digest"] == digest and row["at"] == at
        if not sound or row["hash"] != hashlib.sha256(canonical(told)).hexdigest():
            yield f"row {no} of the chain does not hold"
            return
        previous = row["hash"]
    if len(rows) != manifest["length"] or previous != manifest["head"]:
        yield "the chain does not end where it should"
    if tuple(row["what"] for row in rows[: len(FOUNDATION)]) != FOUNDATION:
        yield "the chain does not begin as it should"


def _contents(
    rows: Sequence[Mapping[str, Any]], files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Iterator[str]:
    bodies = {row["what"]: row["body"] for row in rows[: len(FOUNDATION)]}
    approval, contract, phone, debt, text = (bodies[name] for name in FOUNDATION)
    if approval["approver"] in approval["editors"]:
        yield "who approved it wrote it himself"
    if files[TEXT] != text["text"].encode() or hashlib.sha256(files[TEXT]).hexdigest() != text["sha256"]:
        yield f"{TEXT} is not the text that was sent"
    if hashlib.sha256(files[CONTRACT]).hexdigest() != contract["text_sha256"]:
        yield f"{CONTRACT} is not the text that was signed"
    if contract["phone"] != phone["phone"] or contract["account"] != manifest["account"] != debt["account"]:
        yield "the contract is of another phone or account"
    if files[PROTOCOL] != canonical(debt) or sum(one[3] for one in debt["claims"]) != debt["debt"]:
        yield f"{PROTOCOL} does not add up to the debt"
    if debt["stated"] not in text["text"] or str(manifest["number"]) not in text["text"]:
        yield "the text states another sum or number"
    calculated = json.loads(files[CALCULATION]) if CALCULATION in files else None
    if calculated is not None and (calculated["account"], calculated["day"]) != (debt["account"], debt["as_of"]):
        yield f"{CALCULATION} is of another account or day"
    if any(one[:3] == claim[:3] for one in debt.get("lapsed", ()) for claim in debt["claims"]):
        yield "a claim whose limitation had run is among those of the debt"
    steps = [{"at": row["at"], **row["body"]} for row in rows if row["what"] == "attempt"]
    if files.get(ATTEMPTS, b"[]") != canonical(steps):
        yield f"{ATTEMPTS} is not what the chain says"
    raws = [row["body"]["raw"].encode() for row in rows if row["what"] == "callback"]
    kept = [files[name] for name in sorted(files) if name.startswith("callbacks/")]
    if raws != kept:
        yield "the receipts are not those of the chain"


def main(arguments: Sequence[str], say: Callable[[str], object] = print) -> int:
    """Tells of each file whether it holds; 0 where all do."""
    if not arguments:
        say("usage: python verify.py FILE.zip ...")
        return 2
    failed = 0
    for name in arguments:
        found = problems(Path(name).read_bytes())
        for one in found:
            say(f"{name}: {one}")
        if not found:
            say(f"{name}: holds")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
