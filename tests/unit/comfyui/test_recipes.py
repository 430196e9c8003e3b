import json

import pytest

from backends.comfyui.graph import before, samplers
from backends.comfyui.menu import profiles
from bot.errors import SetupError
from bot.model.backend import Mode
from bot.model.request import Size
from tests.unit.comfyui.samples import menu, order

FREE = {
    "1": {"class_type": "EmptyImage", "inputs": {"color": 1, "batch_size": 48}},
    "3": {"class_type": "CreateVideo", "inputs": {"images": ["1", 0], "fps": 24.0}},
    "4": {"class_type": "SaveVideo", "inputs": {"video": ["3", 0], "filename_prefix": "x"}},
}
INJECT = {"prompt": "4.filename_prefix", "seed": "1.color"}


def own(tmp_path, data, inject=INJECT, **more):
    """An operator's own workflow."""
    file = tmp_path / "mine.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    return menu(workflows=[{"file": str(file), "inject": inject, **more}])


@pytest.mark.parametrize("name", profiles())
def test_every_profile_can_be_filled_in(name) -> None:
    for recipe in menu(name).values():
        filled = json.dumps(recipe.filled(order(), label="job", start="olympic/a.png", end="olympic/b.png"))

        left = [word for word in ("__PROMPT__", "bot/start.png", "bot/end.png") if word in filled]
        assert ("A kitsune jumps" in filled, left) == (True, [])


@pytest.mark.parametrize(
    ("profile", "mode", "frames", "fps"),
    [("wan22-t2v-14b-fast4", Mode.TEXT, 81, 16), ("wan22-ti2v-5b", Mode.IMAGE, 121, 24)],
)
def test_five_seconds_are_the_frames_a_model_was_trained_on(profile, mode, frames, fps) -> None:
    recipe = menu(profile)[mode]

    assert (recipe.frames(5.0), recipe.fps) == (frames, fps)


def test_the_workflows_own_words_against_stay() -> None:
    graph = menu("wan22-t2v-14b-fast4")[Mode.TEXT].filled(order(negative="summer"), label="x")

    assert graph["neg"]["inputs"]["text"].startswith("summer, 色调艳丽")


def test_filling_in_leaves_the_recipe_as_it_was() -> None:
    recipe = menu("wan22-t2v-14b-fast4")[Mode.TEXT]
    recipe.filled(order(seed=99), label="x")

    assert recipe.graph["k_high"]["inputs"]["noise_seed"] == 1


def test_every_job_saves_under_a_name_of_its_own() -> None:
    """An unchanged workflow would be answered from the server's cache."""
    graph = menu("wan22-t2v-14b-fast4")[Mode.TEXT].filled(order(), label="abc")

    assert graph["save"]["inputs"]["filename_prefix"] == "olympic/abc"


def test_the_operators_size_is_drawn() -> None:
    graph = menu("wan22-t2v-14b-fast4", size="1280x720")
    recipe = graph[Mode.TEXT]

    assert (recipe.size, recipe.filled(order(), label="x")["lat"]["inputs"]["height"]) == (Size(1280, 720), 720)


def test_an_own_workflow_replaces_the_profile_of_its_mode(tmp_path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(FREE))
    found = menu("wan22-ti2v-5b", workflows=[{"file": str(file), "inject": INJECT}])

    assert {mode: recipe.name for mode, recipe in found.items()} == {Mode.TEXT: "mine", Mode.IMAGE: "wan22-ti2v-5b"}


def test_one_value_may_go_to_several_places(tmp_path) -> None:
    recipe = own(tmp_path, FREE, {**INJECT, "seed": "1.color, 1.batch_size"})[Mode.TEXT]
    inputs = recipe.filled(order(seed=5), label="x")["1"]["inputs"]

    assert (inputs["color"], inputs["batch_size"]) == (5, 5)


@pytest.mark.parametrize(
    ("data", "inject", "more", "key"),
    [
        ("{", INJECT, {}, "setup.comfyui_file"),
        ("[]", INJECT, {}, "setup.comfyui_file"),
        ({"nodes": [], "links": []}, INJECT, {}, "setup.comfyui_editor_format"),
        ({"1": FREE["1"]}, {"prompt": "1.color", "seed": "1.color"}, {}, "setup.comfyui_no_video"),
        (FREE, {**INJECT, "steps": "1.color"}, {}, "setup.comfyui_inject"),
        (FREE, {"prompt": "4.filename_prefix"}, {}, "setup.comfyui_needs"),
        (FREE, INJECT, {"mode": "i2v"}, "setup.comfyui_needs"),
        (FREE, {**INJECT, "seed": "9.color"}, {}, "setup.comfyui_no_place"),
        (FREE, {**INJECT, "seed": "1.colour"}, {}, "setup.comfyui_no_place"),
        (FREE, {**INJECT, "seed": "color"}, {}, "setup.comfyui_no_place"),
        (FREE, INJECT, {"size": "833x480"}, "setup.comfyui_size"),
        (FREE, INJECT, {"size": "0x480"}, "setup.comfyui_size"),
    ],
)
def test_a_workflow_that_cannot_work_is_refused_at_start(tmp_path, data, inject, more, key) -> None:
    with pytest.raises(SetupError) as told:
        own(tmp_path, data, inject, **more)

    assert told.value.sentence == key


def test_a_missing_file_is_refused_at_start(tmp_path) -> None:
    with pytest.raises(SetupError) as told:
        menu(workflows=[{"file": str(tmp_path / "none.json"), "inject": INJECT}])

    assert told.value.sentence == "setup.comfyui_file"


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("wan22-t2v-14b-fast",), "setup.comfyui_profile"),
        (("wan22-t2v-14b-fast4", "wan22-ti2v-5b"), "setup.comfyui_twice"),
        ((), "setup.comfyui_nothing"),
    ],
)
def test_profiles_that_cannot_work_are_refused_at_start(names, key) -> None:
    with pytest.raises(SetupError) as told:
        menu(*names)

    assert told.value.sentence == key


def test_a_misspelt_profile_is_told_the_nearest() -> None:
    with pytest.raises(SetupError) as told:
        menu("wan22-t2v-14b-fast")

    assert told.value.facts["near"] == "wan22-t2v-14b-fast4"


def test_the_steps_of_two_samplers_are_shared_out() -> None:
    assert samplers(menu("wan22-t2v-14b-quality")[Mode.TEXT].graph) == {"k_high": 10, "k_low": 10}


def test_a_choice_of_method_is_no_sampler() -> None:
    graph = {"a": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}}}

    assert samplers(graph) == {}


def test_whatever_a_node_needs_comes_before_it() -> None:
    assert before(menu("wan22-t2v-14b-fast4")[Mode.TEXT].graph, "shift_h") == {"lora_h", "unet_h"}
