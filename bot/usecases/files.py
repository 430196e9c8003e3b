"""Files that members hand over: looked at, made anew, and only then kept."""

from __future__ import annotations

from bot.model.command import Attachment
from bot.model.request import Reference, ReferenceKind
from bot.usecases.house import House


async def kept(house: House, file: Attachment | None, kind: ReferenceKind) -> Reference | None:
    """The reference to a checked file; None where none was handed over. Raises `BadReference`."""
    if file is None:
        return None
    video = house.tools.video
    check = video.check_image if kind is ReferenceKind.IMAGE else video.check_audio
    data, mime = await check(file.data)
    return Reference(kind, await house.tools.repos.media.put_bytes(data, mime), mime)
