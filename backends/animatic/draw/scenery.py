"""Everything of a film that does not move, prepared once and shared by all frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.backdrop import solid_from
from backends.animatic.draw.channel import Mesh, mesh_of
from backends.animatic.draw.hall import lamp_rows, paint_roof, paint_stands
from backends.animatic.draw.light import Light, light_of
from backends.animatic.draw.mountains import paint_range, paint_sky
from backends.animatic.draw.panels import ELSEWHERE, Panels, lying, standing
from backends.animatic.draw.shadows import Shades, shades_of, shades_of_trees
from backends.animatic.draw.surface import Paint, bake, merged, softened
from backends.animatic.draw.terrain import measure
from backends.animatic.draw.tracks import ruts_of
from backends.animatic.draw.trees import Forest, plant
from backends.animatic.scene import Furniture, Setting

if TYPE_CHECKING:
    from backends.animatic.draw.backdrop import Sky, Wall
    from backends.animatic.draw.palette import Colour, Palette
    from backends.animatic.draw.portrait import Portrait
    from backends.animatic.draw.styles.base import Style
    from backends.animatic.scene import Brief, Performance, Reading


@dataclass(frozen=True, slots=True)
class Scenery:
    """The place of a film in its style, its light and its cast's clothes."""

    brief: Brief
    performance: Performance
    reading: Reading
    style: Style
    palette: Palette
    light: Light
    paint: Paint
    sky: Sky
    walls: tuple[Wall, ...]
    forest: Forest
    lamps: Reals
    shades: Shades
    tree_shades: Reals
    portrait: Portrait | None
    mesh: Mesh | None
    panels: Panels
    paintwork: Panels
    furniture: tuple[Furniture, ...]
    middles: Reals
    radii: Reals

    @property
    def hall(self) -> bool:
        """Whether the scene is inside."""
        return self.performance.stage.setting is Setting.HALL

    def worn(self, number: int) -> tuple[Colour, Colour, Colour]:
        """Suit, trim and third colour of the actor with this number; the athlete wears the palette's own."""
        palette = self.palette
        if number == 0:
            return palette.suit, palette.trim, palette.third
        rivals: list[tuple[Colour, Colour, Colour]] = [
            (palette.third, (240, 240, 240), palette.near), ((60, 150, 60), (230, 230, 230), palette.dark),
            ((170, 80, 120), palette.trim, palette.dark), (palette.near, palette.light, palette.dark),
        ]  # fmt: skip
        return rivals[(number - 1) % len(rivals)]


def build(
    brief: Brief, performance: Performance, reading: Reading, style: Style, palette: Palette, portrait: Portrait | None
) -> Scenery:
    """Paint everything static; about half a second at full quality."""
    stage, seed = performance.stage, brief.seed
    hall = stage.setting is Setting.HALL
    light = light_of(stage, palette, seed, hall)
    quality = min(1.0, brief.height / 720 + 0.12)
    ground = measure(stage, np.concatenate([actor.joints[::12, 0] for actor in performance.actors]), quality)
    paint = bake(ground, stage, palette, light, seed, ruts_of(performance, seed))
    if hall:
        sky, wall = paint_roof(palette, quality), paint_stands(palette, stage, seed, quality)
    else:
        sky = paint_sky(palette, light, reading.weather, seed, quality)
        middle = stage.course.mean(axis=0)
        wall = paint_range(
            palette, light, (float(middle[0]), float(middle[1])), float(stage.course[:, 2].min()) + 30, seed, quality
        )
    around = sky.picture.shape[1] / 2 / (2 * np.pi)
    sky = replace(sky, picture=style.texture(sky.picture, "sky", seed, around))
    picture = style.texture(wall.picture, "stands" if hall else "range", seed, around)
    wall = replace(wall, picture=picture, solid=solid_from(picture))
    fine, coarse = (style.texture(picture, kind, seed, 1 / raster.cell) for picture, kind, raster in (
        (paint.fine, "ground", ground.fine), (paint.coarse, "land", ground.coarse)))  # fmt: skip
    fine = merged(fine, coarse, ground)
    paint = replace(paint, fine=fine, fine_soft=softened(fine), coarse=coarse)
    empty = Forest(np.zeros((0, 3), np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32))
    forest = empty if hall else plant(paint, stage, performance.shots, seed)
    lamps = lamp_rows(stage) if hall else np.zeros((0, 4, 3), np.float32)
    shades = shades_of(stage, ground, light)
    others = tuple(thing for thing in stage.furniture if thing.kind not in ELSEWHERE)
    middles = np.array([thing.points.mean(axis=0) for thing in others], np.float32).reshape(-1, 3)
    radii = np.array([np.linalg.norm(np.ptp(thing.points, axis=0)) / 2 + 2 for thing in others], np.float32)
    return Scenery(
        brief, performance, reading, style, palette, light, paint, sky, (wall,), forest, lamps, shades,
        shades_of_trees(forest, ground, light), portrait,
        mesh_of(stage, palette, light), standing(stage, palette), lying(stage, palette), others, middles, radii,
    )  # fmt: skip
