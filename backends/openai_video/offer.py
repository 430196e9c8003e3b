"""Settings → which server draws what, and what both can do together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from backends.openai_video.dialects import DIALECTS, Dialect
from backends.openai_video.profiles import PROFILES, Profile, nearest, recognised
from bot.errors import SetupError
from bot.model.backend import Capabilities, Lengths, Mode, Price
from bot.model.request import Size
from bot.settings import OpenaiVideo

FORBIDDEN: Final = frozenset(
    {"prompt", "input_reference", "reference_url", "video_path", "video_url", "video_reference", "image_reference",
     "audio_reference", "output_path", "perf_dump_path", "frame_interpolation_model_path", "n",
     "num_outputs_per_prompt", "extra_body"}
)  # fmt: skip
"""Fields `extra` may not set: ours, and those that make a server read or write files or addresses of its own."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One server. `name` is written into references, so that an order is looked for where it was placed."""

    name: str
    api: str
    model: str
    profile: Profile
    dialect: Dialect
    size: Size


@dataclass(frozen=True, slots=True)
class Offer:
    """The server for each mode, and all of them in the planner's words."""

    seats: Mapping[Mode, Seat]
    able: Capabilities

    def named(self, name: str) -> Seat:
        """The server an order was placed at; the first where its name is gone from the settings."""
        seats = list(self.seats.values())
        return next((seat for seat in seats if seat.name == name), seats[0])


def offered(settings: OpenaiVideo) -> Offer:
    """Raises `SetupError` for an address that is none, a model nobody knows, a missing price, a field not allowed."""
    if wrong := sorted(FORBIDDEN & set(settings.extra)):
        raise SetupError(key="setup.openai_video_extra", field=wrong[0])
    first = _seat(settings, "first", settings.api, settings.model, settings.profile)
    seats = dict.fromkeys(sorted(first.profile.modes), first)
    if settings.image_api:
        second = _seat(settings, "image", settings.image_api, settings.image_model, settings.image_profile)
        if Mode.IMAGE not in second.profile.modes:
            raise SetupError(key="setup.openai_video_image", model=settings.image_model)
        seats[Mode.IMAGE] = second
    if len({seat.size for seat in seats.values()}) > 1:
        raise SetupError(key="setup.openai_video_sizes")
    return Offer(seats, _able(settings, seats, _price(settings, first.dialect)))


def _seat(settings: OpenaiVideo, name: str, api: str, model: str, profile: str) -> Seat:
    dialect = settings.dialect
    chosen = profile or recognised(model) or ("generic" if dialect == "generic" else "")
    if chosen not in PROFILES:
        setting = "image_profile" if name == "image" else "profile"
        raise SetupError(
            key="setup.openai_video_profile", setting=setting, model=profile or model, near=nearest(profile or model),
            all=", ".join(PROFILES),
        )  # fmt: skip
    made = _adjusted(PROFILES[chosen], settings)
    size = _size(settings.size) if settings.size else made.sizes[0]
    return Seat(name, _address(api), model, made, DIALECTS[dialect], size)


def _address(api: str) -> str:
    parts = urlsplit(api)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError(key="setup.openai_video_api", api=api)
    return api.rstrip("/").removesuffix("/v1")


def _adjusted(profile: Profile, settings: OpenaiVideo) -> Profile:
    """A profile with what the operator knows better."""
    if settings.seconds:
        profile = replace(profile, lengths=_lengths(settings.seconds))
    if settings.fps:
        profile = replace(profile, fps=settings.fps)
    return profile if settings.sound is None else replace(profile, sound=settings.sound)


def _lengths(said: str) -> Lengths:
    if "-" in said:
        least, _, most = said.partition("-")
        return Lengths(float(least), float(most))
    only = tuple(float(part) for part in said.split(","))
    return Lengths(min(only), max(only), only=only)


def _size(said: str) -> Size:
    width, _, height = said.partition("x")
    return Size(int(width), int(height))


def _price(settings: OpenaiVideo, dialect: Dialect) -> Price | None:
    """What a second costs; on a server of somebody else's it must be told, nought included."""
    if settings.price is None and not dialect.free:
        raise SetupError(key="setup.openai_video_price")
    return Price(settings.price, settings.currency) if settings.price else None


def _able(settings: OpenaiVideo, seats: Mapping[Mode, Seat], price: Price | None) -> Capabilities:
    profiles, dialects = [seat.profile for seat in seats.values()], [seat.dialect for seat in seats.values()]
    return Capabilities(
        modes={mode: seat.profile.lengths for mode, seat in seats.items()},
        sizes=frozenset(seat.size for seat in seats.values()),
        fps=profiles[0].fps,
        native_audio=all(profile.sound for profile in profiles),
        longest_prompt=min(profile.longest_prompt for profile in profiles),
        images=int(Mode.IMAGE in seats),
        progress="percent" if all(dialect.percent for dialect in dialects) else "none",
        cancel=dialects[0].able_to_stop,
        resume="process_memory" if dialects[0].forgetful else "durable",
        concurrency=settings.concurrency,
        ahead=settings.concurrency,
        price=price,
        typical_seconds=(
            min(profile.typical[0] for profile in profiles),
            max(profile.typical[1] for profile in profiles),
        ),
        deadline=timedelta(seconds=settings.deadline),
        free_resend=price is None,
        label="label.ai",
    )
