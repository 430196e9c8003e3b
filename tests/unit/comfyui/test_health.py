import pytest

from backends import Kit
from backends.comfyui.backend import build
from bot.errors import SetupError
from bot.model.backend import Mode
from bot.settings import load
from tests.fakes import FakeVideo
from tests.servers.base import Fault
from tests.unit.comfyui.samples import order

LOST = "wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors"


def built(tmp_path, **settings):
    environment = {f"OLYMPIC_COMFYUI_{name.upper()}": value for name, value in settings.items()}
    return build(load({"OLYMPIC_HOME": str(tmp_path), **environment}), Kit(FakeVideo(), tmp_path))


async def test_a_server_with_everything_is_good(serve, draw) -> None:
    health = await draw(await serve()).health()

    assert (health.ok, health.advice) == (True, "")


async def test_the_doctor_is_told_version_and_queue(serve, draw) -> None:
    server = await serve()
    server.strangers = 2
    health = await draw(server).health()

    assert health.facts[server.url].startswith("ComfyUI 0.27.0, cpu")
    assert health.facts[server.url].endswith("2 in the queue")


async def test_a_missing_model_is_named_with_its_place(serve, draw) -> None:
    server = await serve()
    server.files["UNETLoader.unet_name"].remove(LOST)
    health = await draw(server).health()

    assert (health.ok, f"put the model file {LOST} into models/diffusion_models" in health.advice) == (False, True)


async def test_what_two_profiles_lack_is_named_once(serve, draw) -> None:
    server = await serve()
    server.files["VAELoader.vae_name"].clear()
    health = await draw(server, profiles=("wan22-t2v-14b-fast4", "wan22-i2v-14b-fast4")).health()

    assert health.advice.count("wan_2.1_vae.safetensors") == 1


async def test_a_missing_node_is_named(serve, draw) -> None:
    server = await serve()
    del server.inputs["SaveVideo"]

    assert "install the node SaveVideo" in (await draw(server).health()).advice


async def test_one_dead_server_of_two_is_only_advice(serve, draw) -> None:
    dead = await serve(Fault.DEAD)
    health = await draw(await serve(), dead).health()

    assert (health.ok, dead.url in health.advice) == (True, True)


async def test_no_server_at_all_is_bad(serve, draw) -> None:
    assert (await draw(await serve(Fault.DEAD)).health()).ok is False


async def test_what_cannot_be_drawn_anywhere_is_not_offered(serve, draw) -> None:
    server = await serve()
    server.files["UNETLoader.unet_name"] = [name for name in server.files["UNETLoader.unet_name"] if "i2v" not in name]
    backend = draw(server, profiles=("wan22-t2v-14b-fast4", "wan22-i2v-14b-fast4"))

    assert list((await backend.capabilities()).modes) == [Mode.TEXT]


async def test_a_silent_server_takes_nothing_off_the_offer(serve, draw) -> None:
    backend = draw(await serve(Fault.DEAD))

    assert list((await backend.capabilities()).modes) == [Mode.TEXT]


async def test_an_input_that_a_newer_node_wants_is_filled_in_with_its_own_default(serve, draw) -> None:
    server = await serve()
    server.inputs["SaveVideo"] += " quality"
    server.more["SaveVideo"] = {"quality": ["COMBO", {"options": ["high", "low"]}]}
    backend = draw(server)
    ref = await backend.submit(order(), key="k")

    assert server.orders[ref.id].body["prompt"]["save"]["inputs"]["quality"] == "high"


async def test_an_input_nobody_can_guess_is_named(serve, draw) -> None:
    server = await serve()
    server.more["SaveVideo"] = {"licence": ["STRING", {}]}

    assert "wants licence" in (await draw(server).health()).advice


@pytest.mark.parametrize("server", ["127.0.0.1:8188", "ftp://gpu", "http://me:hush@gpu", "http://gpu/?token=hush"])
def test_an_address_that_is_none_is_refused_at_start_without_its_secrets(tmp_path, server) -> None:
    with pytest.raises(SetupError) as told:
        built(tmp_path, servers=server)

    assert (told.value.sentence, "hush" in str(told.value.facts)) == ("setup.comfyui_server", False)


def test_without_a_server_there_is_no_comfyui(tmp_path) -> None:
    assert built(tmp_path) is None


async def test_several_servers_stand_in_one_variable(tmp_path) -> None:
    backend = built(tmp_path, servers="http://127.0.0.1:1, http://127.0.0.1:2/")
    able = await backend.capabilities()
    await backend.aclose()

    assert able.concurrency == 2
