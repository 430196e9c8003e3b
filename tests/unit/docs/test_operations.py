"""What operators copy must fit the product: the unit, the image, the compose file and the page about them."""

from __future__ import annotations

import configparser
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from bot.__main__ import app
from bot.errors import DataInUse, DataUnwritable, SetupError, WrongToken
from bot.model.measure import MEASURES
from bot.model.setup import Setup
from bot.settings import PREFIX, load, names
from bot.sports import catalogue
from bot.usecases.guide.steps import Known, steps
from handlers.slack.install import INSTALL
from handlers.slack.manifest import PATH, REDIRECT
from storage.seal import FILE

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text("utf-8")
EXAMPLE = (DEPLOY / "olympic.env.example").read_text("utf-8")
FILES = ["deploy/olympic.service", "deploy/Containerfile", "deploy/compose.yaml", "deploy/olympic.env.example"]
VARIABLES = {PREFIX + name.replace(".", "_").upper() for name, _, _ in names()} | {"OLYMPIC_CONFIG"}


def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str
    parser.read(DEPLOY / "olympic.service", "utf-8")
    return parser


@pytest.mark.parametrize("file", [*FILES, "docs/operations.md", "README.md", "docs/backends.md"])
def test_every_variable_that_is_named_is_a_setting(file) -> None:
    text = (ROOT / file).read_text("utf-8")
    named = {one for one in re.findall(r"\bOLYMPIC_[A-Z0-9_]+\b", text) if not one.endswith("_")}

    assert named - VARIABLES == set()


def test_the_compose_file_s_settings_are_accepted() -> None:
    environment = {
        name: re.sub(r"\$\{\w+[^}]*\}", "word", value)
        for name, value in yaml.safe_load(COMPOSE)["services"]["bot"]["environment"].items()
    }

    settings = load(environment)

    assert (settings.media.url, settings.database) == (
        "s3://olympic/films",
        "postgresql://olympic:word@database:5432/olympic",
    )


def test_bot_and_workers_share_their_settings() -> None:
    services = yaml.safe_load(COMPOSE)["services"]

    assert services["worker"]["environment"] == services["bot"]["environment"]
    assert services["worker"]["image"] == services["bot"]["image"]


def test_the_worker_s_command_is_one_of_ours() -> None:
    ours = {one.name or one.callback.__name__ for one in app.registered_commands}

    assert set(yaml.safe_load(COMPOSE)["services"]["worker"]["command"]) <= ours


def test_what_waits_for_another_service_waits_for_one_there_is() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    waited = {name: one["depends_on"] for name, one in services.items() if "depends_on" in one}

    assert all(other in services for wants in waited.values() for other in wants)
    assert all(
        "healthcheck" in services[other]
        for wants in waited.values()
        for other, how in wants.items()
        if how["condition"] == "service_healthy"
    )


def test_every_password_the_compose_file_wants_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+)", COMPOSE))

    assert wanted <= set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))


def test_the_example_gives_no_secret_away() -> None:
    values = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE))

    assert {name for name, value in values.items() if value} == {"MINIO_ROOT_USER"}


def test_the_image_s_health_check_asks_the_port_it_opens() -> None:
    port = re.search(r"OLYMPIC_OPS_PORT=(\d+)", IMAGE)

    assert port is not None
    assert f"http://127.0.0.1:{port[1]}/healthz" in IMAGE


def test_the_page_for_admins_names_every_step_of_the_setup() -> None:
    page = (ROOT / "docs" / "admins.md").read_text("utf-8")
    words = {word for said in re.findall(r"^\|.*\| `([^`]+)` \|$", page, re.MULTILINE) for word in said.split()}

    assert {step.name for step in steps(Known(("animatic",), catalogue(Setup())))} <= words


PORTS = {"slack": load({}).slack.port, "hall": load({}).hall.port, "ops": 9026}
"""What people or machines outside a container reach, by the section of the settings that opens it."""


@pytest.mark.parametrize("section", PORTS)
def test_what_is_reached_from_outside_can_be_reached_in_the_container(section) -> None:
    exposed = re.search(r"^EXPOSE (.+)$", IMAGE, re.MULTILINE)
    published = yaml.safe_load(COMPOSE)["services"]["bot"]["ports"]

    assert exposed is not None
    assert str(PORTS[section]) in exposed[1].split()
    assert f"OLYMPIC_{section.upper()}_HOST=0.0.0.0" in IMAGE
    assert f"127.0.0.1:{PORTS[section]}:{PORTS[section]}" in published


@pytest.mark.parametrize("path", [PATH, INSTALL, REDIRECT])
def test_the_proxy_of_the_example_lets_every_address_of_slack_through(path) -> None:
    way = re.search(r"reverse_proxy (\S+) 127\.0\.0\.1:8027", PAGE)

    assert way is not None
    assert fnmatch(path, way[1])
    assert path in PAGE


def test_what_a_restore_needs_of_the_data_folder_is_in_the_page_about_backups() -> None:
    backups = PAGE[PAGE.index("## Backups") : PAGE.index("## Upgrades")]

    assert {f"`{FILE}`", "`credentials`", "`olympic.toml`"} <= set(re.findall(r"`[\w.]+`", backups))


def test_the_image_is_not_run_by_root_and_copies_all_rooms() -> None:
    assert re.search(r"^USER olympic$", IMAGE, re.MULTILINE)
    assert set(re.findall(r"^COPY (\w+) \./\w+$", IMAGE, re.MULTILINE)) == {"bot", "handlers", "backends", "storage"}


def test_the_image_takes_what_it_copies_from_the_context() -> None:
    let_in = set(re.findall(r"^!(\S+)$", (DEPLOY / "Containerfile.dockerignore").read_text("utf-8"), re.MULTILINE))
    copied = {one for line in re.findall(r"^COPY (?!--)(.+) \S+$", IMAGE, re.MULTILINE) for one in line.split()}

    assert copied == let_in


def test_the_unit_does_not_start_again_what_only_a_person_can_mend() -> None:
    codes = {str(kind.exit_code) for kind in (SetupError, DataInUse, DataUnwritable, WrongToken)}

    assert set(unit()["Service"]["RestartPreventExitStatus"].split()) == codes


def test_the_unit_and_the_page_name_the_same_port() -> None:
    assert "OLYMPIC_OPS_PORT=9026" in (DEPLOY / "olympic.service").read_text("utf-8")
    assert set(re.findall(r"127\.0\.0\.1:(90\d\d)", PAGE)) == {"9026"}


def test_the_page_lists_every_measure_with_its_labels() -> None:
    listed = dict(re.findall(r"^\| `(olympic_\w+)` \| ([\w, ]*?) ?\|", PAGE, re.MULTILINE))

    assert listed == {measure.name: ", ".join(measure.labels) for measure in MEASURES}


def test_alerts_ask_for_measures_there_are() -> None:
    alerts = PAGE[PAGE.index("## Alerts") : PAGE.index("## Logs")]
    asked = {re.sub(r"_bucket$", "", one) for one in re.findall(r"\bolympic_\w+", alerts)}

    assert asked <= {measure.name for measure in MEASURES}


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_an_example_of_settings_is_accepted(example, tmp_path) -> None:
    tomllib.loads(example)
    (tmp_path / "olympic.toml").write_text(example, "utf-8")

    assert load({"OLYMPIC_HOME": str(tmp_path)}).media.url
