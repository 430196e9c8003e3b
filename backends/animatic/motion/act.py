"""What a sport hands to those who film it: the world in motion, and the cuts its director wants."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backends.animatic.motion.signals import Array
    from backends.animatic.scene import Actor, Event, Stage


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot as the director asks for it; lengths in seconds of a 15 s film, angles in degrees, metres.

    `rate` world seconds a clip second (below 1: slow motion). The eye stands at `azimuth` around the athlete (0 ahead
    of the way they go, 90 on their right, 180 behind), `elevation` above and `distance` away; it travels along unless
    `post` tells at which fraction of the shot its fixed place was measured. `orbit` and `rise` happen over the whole
    shot. `size`: the athlete's larger side as a fraction of the frame's height; `zoom` 0..1 how far the lens works to
    keep it. `lead`: room left ahead, in half frames. `regard`: how much the point of interest shares the picture.
    """

    kind: str
    share: float
    rate: float = 1.0
    replay: bool = False
    azimuth: float = 180.0
    elevation: float = 10.0
    distance: float = 7.0
    size: float = 0.45
    post: float | None = None
    orbit: float = 0.0
    rise: float = 0.0
    zoom: float = 1.0
    lead: float = 0.25
    regard: float = 0.0


PRESETS: Final[dict[str, Cut]] = {
    cut.kind: cut
    for cut in (
        Cut("establish", 2.5, azimuth=150, elevation=16, distance=34, size=0.13, orbit=10, rise=3, lead=0.35),
        Cut("follow", 3.0, azimuth=160, elevation=13, distance=7.5, size=0.46, orbit=-24, lead=0.25),
        Cut("low", 3.0, azimuth=38, elevation=3, distance=4.2, size=0.6, orbit=25, lead=0.2),
        Cut("front", 3.0, azimuth=4, elevation=5, distance=75, size=0.5, post=1.0, zoom=0.75, lead=0.1),
        Cut("overhead", 3.0, azimuth=165, elevation=66, distance=13, size=0.3, orbit=18, lead=0.35),
        Cut("athlete", 3.0, azimuth=176, elevation=15, distance=3.0, size=0.62, orbit=8, lead=0.05),
        Cut("crane", 3.0, azimuth=50, elevation=14, distance=15, size=0.36, post=0.75, rise=5, zoom=0.7, lead=0.25),
        Cut("side", 3.0, azimuth=90, elevation=4, distance=11, size=0.48, orbit=-14, lead=0.4),
        Cut("replay", 3.0, rate=0.5, replay=True, azimuth=60, elevation=5, distance=6, size=0.58, orbit=-40, lead=0.15),
        Cut("finish", 3.0, azimuth=22, elevation=6, distance=9, size=0.52, orbit=-18, lead=0.15),
    )
}
"""How each kind of camera works when a sport says nothing else."""


def cut(kind: str, share: float | None = None, **changes: float | bool | None) -> Cut:
    """A preset with a sport's own changes."""
    base = PRESETS[kind]
    return replace(base, share=base.share if share is None else share, **changes)


@dataclass(slots=True)
class Act:
    """A sport's world: like `Performance`, before it is filmed. The first of `actors` is the athlete.

    `cuts` for camera "multi"; `key` is the cut that holds `decisive`, at `hinge` (0..1) of its length. `heading` (N, 3)
    overrides the way cameras call ahead; `interest` (N, 3) is what shares the picture (a stone, a puck, targets);
    `room` (least x, most x, least y, most y, highest z) keeps eyes inside a hall.
    """

    stage: Stage
    actors: tuple[Actor, ...]
    events: list[Event]
    decisive: float
    speed: Array
    cuts: tuple[Cut, ...]
    hud: dict[str, Array] = field(default_factory=dict["str", "Array"])
    key: int = 2
    hinge: float = 0.45
    heading: Array | None = None
    interest: Array | None = None
    room: tuple[float, float, float, float, float] | None = None
