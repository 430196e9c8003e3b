"""What a real server said (ComfyUI 0.27.0), read back."""

import json

import pytest

from backends.comfyui import look, trouble
from backends.comfyui.progress import Progress, preview_of
from backends.net import Answer
from bot.errors import BadInputMedia, InvalidRequest, RemoteFailed, Transient, Unsupported
from bot.model.backend import RemoteState, RemoteStatus
from tests.servers.comfyui import PICTURE, recorded

RUNNING = RemoteStatus(RemoteState.RUNNING)
FILM = {"filename": "job_00002_.mp4", "subfolder": "video", "type": "output"}


def bodies(name: str, path: str):
    return [event["body"] for event in recorded(name)["events"] if event.get("path", "").startswith(path)]


def messages(name: str):
    return [event["message"] for event in recorded(name)["events"] if event["kind"] == "ws" and "left_out" not in event]


def replayed(name: str, job: str) -> list[RemoteStatus]:
    """The statuses a member would have seen."""
    progress = Progress(job, recorded(name)["request"]["prompt"])
    return [progress.over_a_look(RUNNING) for message in messages(name) if progress.take(json.dumps(message))]


def test_a_finished_job_names_its_film() -> None:
    status = look.of_job(bodies("success", "/api/jobs")[1], "4")

    assert (status.state, status.result) == (RemoteState.SUCCEEDED, FILM)


def test_the_history_of_an_older_server_names_the_same_film() -> None:
    job = recorded("success")["request"]["prompt_id"]

    found = look.of_history(bodies("success", "/history")[0], [job], "4")

    assert found == (job, RemoteStatus(RemoteState.SUCCEEDED, 1.0, result=FILM))


def test_a_job_in_the_queue_is_found_by_its_id() -> None:
    job = recorded("success")["request"]["prompt_id"]

    assert look.of_queue(bodies("success", "/queue")[0], [job]) == (job, RUNNING)


def test_a_job_in_the_queue_is_found_by_its_client_where_the_server_chose_the_id() -> None:
    request = recorded("success")["request"]

    found = look.of_queue(bodies("success", "/queue")[0], ["ours", request["client_id"]])

    assert found == (request["prompt_id"], RUNNING)


def test_a_waiting_job_knows_its_place() -> None:
    queue = bodies("cancel_pending_duplicate_reconnect", "/queue")[0]

    found = look.of_queue(queue, ["ba0ca9c8-b859-410f-a5fc-719060efd3b4"])

    assert found is not None
    assert (found[1].state, found[1].position) == (RemoteState.QUEUED, 1)


def test_a_job_of_somebody_else_is_not_ours() -> None:
    assert look.of_queue(bodies("success", "/queue")[0], ["another"]) is None


@pytest.mark.parametrize("path", ["/api/jobs", "/history"])
def test_a_stopped_job_is_cancelled_wherever_it_is_read(path) -> None:
    body = bodies("cancel_running", path)[-2 if path == "/api/jobs" else 0]
    status = look.of_job(body, "s") if path == "/api/jobs" else look.of_history(body, list(body), "s")[1]

    assert status.state is RemoteState.CANCELLED


@pytest.mark.parametrize("path", ["/api/jobs", "/history"])
def test_a_picture_that_cannot_be_read_is_the_members_to_change(path) -> None:
    body = bodies("runtime_error", path)[-2 if path == "/api/jobs" else 0]
    status = look.of_job(body, "4") if path == "/api/jobs" else look.of_history(body, list(body), "4")[1]

    assert (status.state, type(status.error)) == (RemoteState.FAILED, BadInputMedia)


@pytest.mark.parametrize(
    ("index", "state"), [(0, RemoteState.CANCELLED), (2, RemoteState.FAILED)], ids=["cancelled", "failed"]
)
def test_a_row_of_the_list_of_jobs_is_a_job(index, state) -> None:
    assert look.of_job(recorded("jobs_list")["jobs"][index], "4").state is state


def test_something_else_than_a_job_is_looked_at_again() -> None:
    with pytest.raises(Transient):
        look.of_job({"status": "asleep"}, "4")


def test_a_refused_workflow_is_our_mistake() -> None:
    (event,) = recorded("validation_error")["events"]
    event["body"]["node_errors"]["4"]["errors"].pop()  # leaves the link of the wrong type

    assert isinstance(trouble.refusal(Answer(400, {}, event["body"], "")), InvalidRequest)


def test_a_value_that_is_not_offered_names_itself() -> None:
    (event,) = recorded("validation_error")["events"]

    error = trouble.refusal(Answer(400, {}, event["body"], ""))

    assert (type(error), "avi" in error.detail) == (Unsupported, True)


def test_running_out_of_memory_comes_with_advice() -> None:
    error = trouble.failure({"node_type": "KSampler", "exception_type": "torch.OutOfMemoryError"})

    assert (type(error), "comfyui.size" in error.detail) == (RemoteFailed, True)


def test_progress_only_grows_and_holds_at_95_percent_while_decoding() -> None:
    seen = replayed("previews_with_metadata", recorded("previews_with_metadata")["request"]["prompt_id"])
    fractions = [status.fraction for status in seen]

    assert fractions == sorted(fractions)
    assert (max(fractions), seen[-1].stage) == (pytest.approx(0.95), "backend.stage_decoding")


def test_a_step_of_four_is_a_quarter_of_the_drawing() -> None:
    name = "previews_with_metadata"
    fractions = {round(status.fraction, 3) for status in replayed(name, recorded(name)["request"]["prompt_id"])}

    assert {0.275, 0.5, 0.725, 0.95} <= fractions


def test_the_model_is_loaded_before_anything_is_drawn() -> None:
    name = "previews_with_metadata"

    assert replayed(name, recorded(name)["request"]["prompt_id"])[0].stage == "backend.stage_loading"


def test_messages_of_another_job_are_not_ours() -> None:
    assert replayed("previews_with_metadata", "another") == []


def test_a_listener_who_comes_late_knows_what_must_have_run() -> None:
    progress = Progress("935c39de-22c7-4beb-ae3c-764ad38092be", recorded("cancel_running")["request"]["prompt"])
    for message in messages("cancel_pending_duplicate_reconnect")[:3]:
        progress.take(json.dumps(message))

    # 27 of the first sampler's 50 steps, of 60 in all
    assert progress.over_a_look(RUNNING).fraction == pytest.approx(0.05 + 0.9 * 27 / 60)


def test_the_end_is_heard() -> None:
    progress = Progress("49460fe2-6462-42c8-8ec5-ab758c8b306f", recorded("success")["request"]["prompt"])
    for message in messages("success"):
        progress.take(json.dumps(message))

    assert progress.over


def test_a_workflow_without_a_sampler_counts_its_nodes() -> None:
    seen = replayed("success", "49460fe2-6462-42c8-8ec5-ab758c8b306f")

    assert seen[-1].fraction == pytest.approx(0.95)


def test_an_old_preview_is_the_picture_after_two_numbers() -> None:
    preview = preview_of(b"\x00\x00\x00\x01\x00\x00\x00\x01" + PICTURE)

    assert preview is not None
    assert (preview.picture, preview.prompt_id) == (PICTURE, "")


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x00\x00\x00\x01", b"\x00\x00\x00\x01\x00\x00\x00\x01no picture", b"\x00\x00\x00\x04\x00\x00\xff\xff{}"],
    ids=["empty", "short", "no picture", "longer than it is"],
)
def test_a_frame_that_is_no_preview_is_left_alone(frame) -> None:
    assert preview_of(frame) is None


@pytest.mark.parametrize(
    ("outputs", "name"),
    [
        ({"a": {"gifs": [{"filename": "x.mp4"}]}}, "x.mp4"),
        ({"a": {"videos": [{"filename": "x.webm"}, {"filename": "y.mp4"}]}}, "y.mp4"),
        ({"a": {"images": [{"filename": "x.mp4", "type": "temp"}, {"filename": "y.mp4", "type": "output"}]}}, "y.mp4"),
        ({"a": {"images": [{"filename": "x.mp4"}]}, "save": {"images": [{"filename": "y.mkv"}]}}, "y.mkv"),
    ],
)
def test_the_film_is_chosen_by_node_place_and_ending(outputs, name) -> None:
    found = look.video(outputs, "save")

    assert found is not None
    assert found["filename"] == name


@pytest.mark.parametrize(
    "outputs", [{}, {"a": {"images": [{"filename": "x.png"}]}}, {"a": None}, None, {"a": {"t": "x"}}]
)
def test_a_job_without_a_film_has_failed(outputs) -> None:
    job = {"status": "completed", "outputs": outputs}

    assert look.of_job(job, "save").state is RemoteState.FAILED
