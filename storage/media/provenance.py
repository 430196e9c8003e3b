"""What a film says of itself: a plain label that every player can show, and signed Content Credentials (C2PA).

Signing is the very last step: whatever is written to the file afterwards breaks the seal, and every re-encoding
removes it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import av
from av.error import FFmpegError

from bot.errors import StorageError
from bot.model.provenance import Claim, Credentials
from storage.media import ffmpeg
from storage.media.certificate import Signing
from storage.media.disk import finishing, renaming
from storage.media.process import run

log = logging.getLogger(__name__)

MIME: Final = "video/mp4"
LABEL_LIMIT: Final = 60.0
"""Seconds to copy a film with its label."""
SOURCES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
REQUEST: Final = "bot.olympic.request"
"""Label of our own assertion: the hash of the sentence, the seed, who drew."""
PARENT: Final = "olympic:whole"
"""What a smaller copy calls the film it was made from."""
Json = dict[str, Any]
_LABELLED: Final = frozenset({"title", "comment", "description", "encoded_by", "encoder_by", "date"})
_ACTIONS: Final = ("c2pa.actions.v2", "c2pa.actions")


class Seal:
    """Implements `bot.ports.Provenance`. `signing` brings certificate and key, once, when the first film is signed."""

    def __init__(self, signing: Callable[[], Signing] | None) -> None:
        self._signing = signing
        self._signer: Any = None

    async def seal(self, film: Path, out: Path, claim: Claim) -> None:
        """The film with its label, signed where that can be done.

        Raises `StorageError` or `ResultInvalid` when not even a label can be written.
        """
        await self._finished(film, out, _label(claim), _manifest(claim))

    async def derive(self, film: Path, smaller: Path, out: Path) -> None:
        """A smaller copy with the film's label, signed as made from it where the film is signed.

        Raises `StorageError` or `ResultInvalid` when not even a label can be written.
        """
        tags, told = await asyncio.to_thread(_tags, film), await self.read(film)
        manifest = _derived(tags, told) if told else None
        await self._finished(smaller, out, tags, manifest, film)

    async def _finished(
        self, film: Path, out: Path, tags: Mapping[str, str], manifest: Json | None, parent: Path | None = None
    ) -> None:
        with renaming(), TemporaryDirectory(prefix=".label-", dir=out.parent) as folder, finishing(out) as part:
            labelled = Path(folder, "labelled.mp4")
            await run(ffmpeg.labelled(film, labelled, tags), seconds_limit=LABEL_LIMIT)
            if manifest is None or not await asyncio.to_thread(self._signed, labelled, part, manifest, parent):
                labelled.replace(part)

    async def read(self, film: Path) -> Credentials | None:
        """The Content Credentials in a film; None where there are none, or nothing here can read them."""
        return await asyncio.to_thread(_read, film)

    def _signed(self, film: Path, out: Path, manifest: Json, parent: Path | None) -> bool:
        """Whether `out` is the signed film. What a foreign library cannot do must not hold a finished film back."""
        if self._signing is None:
            return False
        try:
            import c2pa  # its native part is loaded with the first film, not with the product

            builder: Any
            with c2pa.Builder(json.dumps(manifest)) as builder:
                if parent:
                    with parent.open("rb") as stream:
                        builder.add_ingredient(json.dumps(_parent(manifest["title"])), MIME, stream)
                builder.sign_file(film, out, self._signer or self._prepared())
        except (ImportError, OSError, ValueError, StorageError, _errors()) as error:
            log.warning("a film goes out without Content Credentials: %s", error)
            out.unlink(missing_ok=True)
            return False
        return True

    def _prepared(self) -> Any:
        import c2pa

        assert self._signing is not None
        one = self._signing()
        info = c2pa.C2paSignerInfo(alg=one.algorithm.encode(), sign_cert=one.chain, private_key=one.key, ta_url=None)
        self._signer = c2pa.Signer.from_info(info)
        return self._signer


def _read(film: Path) -> Credentials | None:
    try:
        import c2pa

        with film.open("rb") as stream, c2pa.Reader(MIME, stream) as reader:
            found = json.loads(reader.json())
    except (ImportError, OSError, ValueError, _errors()) as error:
        log.debug("%s tells no Content Credentials: %s", film.name, error)
        return None
    manifest = found["manifests"][found["active_manifest"]]
    issuer = manifest.get("signature_info", {}).get("issuer", "")
    return Credentials(issuer, _source(manifest), found.get("validation_state") in ("Valid", "Trusted"))


def _source(manifest: Mapping[str, Any]) -> str:
    """The term of IPTC's vocabulary that its actions name."""
    for said in manifest.get("assertions", ()):
        for action in said["data"]["actions"] if said["label"] in _ACTIONS else ():
            if source := action.get("digitalSourceType"):
                return str(source).rpartition("/")[2]
    return ""


def _manifest(claim: Claim) -> Json:
    action = {
        "action": "c2pa.created",
        "when": claim.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "digitalSourceType": f"{SOURCES}{claim.origin.value}",
        "softwareAgent": {"name": claim.model},
    }
    request = {"sentence_sha256": claim.sentence, "seed": claim.seed, "model": claim.model}
    return {
        "claim_generator_info": [{"name": "olympic-bot"}],
        "title": claim.title,
        "format": MIME,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [action]}},
            {"label": REQUEST, "data": request},
        ],
    }


def _derived(tags: Mapping[str, str], told: Credentials) -> Json:
    """What a smaller copy says: the whole film was opened and encoded once more; what it claims stands in there."""
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT]}}
    smaller = {"action": "c2pa.transcoded", "digitalSourceType": f"{SOURCES}{told.origin}"}
    return {
        "claim_generator_info": [{"name": "olympic-bot"}],
        "title": tags.get("title", ""),
        "format": MIME,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [opened, smaller]}}],
    }


def _parent(title: str) -> Json:
    return {"title": title, "format": MIME, "relationship": "parentOf", "instance_id": PARENT, "label": PARENT}


def _tags(film: Path) -> dict[str, str]:
    """The plain label in a film; nothing where it cannot be read."""
    try:
        with av.open(str(film)) as clip:
            return {name: value for name, value in clip.metadata.items() if name in _LABELLED}
    except (FFmpegError, OSError) as error:
        log.debug("%s has no label: %s", film.name, error)
        return {}


def _label(claim: Claim) -> dict[str, str]:
    """Tags that survive copying from one container to another."""
    return {
        "title": claim.title,
        "comment": f"AI-generated ({claim.origin.value})",
        "description": f"Made by a machine: {claim.model}. Digital source type: {SOURCES}{claim.origin.value}",
        "encoded_by": "olympic-bot",
        "date": claim.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _errors() -> type[Exception]:
    """What the library raises; nothing of it where it is not installed."""
    try:
        import c2pa
    except (ImportError, OSError):
        return OSError
    return c2pa.C2paError
