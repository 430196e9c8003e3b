"""Every setting, typed, documented and defaulted so that everything runs offline.

Read from `olympic.toml` (in the data folder or named by OLYMPIC_CONFIG) and from environment variables, which win:
`[discord] token = "…"` is `OLYMPIC_DISCORD_TOKEN`. A name we do not know is refused with the nearest one we do.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import SetupError

PREFIX: Final = "OLYMPIC_"
_OUTSIDE: Final = frozenset({"OLYMPIC_CONFIG"})


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _parted(value: Any) -> Any:
    """What an environment variable says for a list or a table: JSON, or words between commas."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    return (
        json.loads(text) if text.startswith(("[", "{")) else [part.strip() for part in text.split(",") if part.strip()]
    )


_Words = Annotated[tuple[str, ...], BeforeValidator(_parted)]


def _pasted(value: Any) -> Any:
    """A key as it was copied, without the blanks around it. No key holds what a header cannot carry."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("this is no key: it holds characters that none has; copy it again")
    return text


_Key = Annotated[SecretStr, BeforeValidator(_pasted)]


def _address(value: Any) -> Any:
    """An address that falls into its parts; a bracket in an unwritten-out password is no IPv6 host."""
    if isinstance(value, str):
        urlsplit(value)  # ValueError
    return value


_Address = Annotated[str, BeforeValidator(_address)]


class Discord(_Section):
    """The bot on Discord; it starts as soon as there is a token."""

    token: SecretStr | None = Field(None, description="Bot token from the developer portal. Empty: no Discord.")
    api: str = Field("https://discord.com/api/v10", description="REST address; change it for a proxy or a test.")
    gateway: str = Field("", description="Gateway address; empty: the one Discord tells.")
    sync_guild: int | None = Field(
        None, description="Register commands in this one server only, where changes show at once."
    )


class Slack(_Section):
    """The app in Slack; it starts as soon as there is a bot token and a way in (app token or signing secret)."""

    bot_token: SecretStr | None = Field(None, description="xoxb- token of the installed app. Empty: no Slack.")
    app_token: SecretStr | None = Field(None, description="xapp- token: Socket Mode, no public address needed.")
    signing_secret: SecretStr | None = Field(None, description="Signing secret: signed HTTP on slack.port.")
    api: str = Field("https://slack.com/api/", description="Web API address; change it for a proxy or a test.")
    host: str = Field("127.0.0.1", description="Where signed HTTP listens; put a TLS proxy before it.")
    port: int = Field(8027, ge=0, le=65535, description="Port of signed HTTP.")
    client_id: str = Field(
        "", description="Client id: any workspace may install the app at slack.address/slack/install. Empty: none may."
    )
    client_secret: SecretStr | None = Field(None, description="Client secret, for installing.")
    address: str = Field(
        "",
        pattern=r"^(https://[^\s?#]+)?$",
        description="Public https address that leads to slack.port, for installing.",
    )

    @property
    def on(self) -> bool:
        """Whether there is a workspace to serve, or one may come."""
        return self.bot_token is not None or bool(self.client_id)


class Studio(_Section):
    """The local studio: the product in a browser, for one machine."""

    enabled: bool | None = Field(
        None, description="Empty: on while neither Discord nor Slack is configured. true or false decides."
    )
    host: str = Field("127.0.0.1", description="Where it listens.")
    port: int = Field(8026, ge=0, le=65535, description="Its port; 0 takes a free one.")
    browser: bool = Field(True, description="Open a browser at start.")
    token: SecretStr | None = Field(None, description="Its start-up token; empty: a new one at every start.")


class Hall(_Section):
    """The public exhibit: pages for everybody, without a token, with approved works only."""

    enabled: bool | None = Field(None, description="Serve it; empty: whenever the studio is on or it has an address.")
    host: str = Field("127.0.0.1", description="Where it listens; put a TLS proxy before it.")
    port: int = Field(8028, ge=0, le=65535, description="Its port; 0 takes a free one.")
    address: str = Field(
        "",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Its public address, for links (https://hall.example.org); empty: this machine's own.",
    )
    title: str = Field("", description="What it is called; empty: a name in the reader's language.")


class Provenance(_Section):
    """What films say of themselves: a label, and signed Content Credentials (C2PA)."""

    sign: bool = Field(True, description="Sign films; without it they carry the plain label only.")
    certificate: Path | None = Field(
        None, description="Your own certificate chain (PEM, your certificate first); empty: one made for this folder."
    )
    key: Path | None = Field(None, description="Its private key (PEM, PKCS#8, without a passphrase).")


class Media(_Section):
    """Where finished clips and members' files are kept: in the data folder, or in an S3-compatible store."""

    url: str = Field(
        "",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?)?$",
        description="Bucket and prefix of an S3-compatible store (s3://bucket/prefix). Empty: the data folder.",
    )
    endpoint: str = Field(
        "",
        pattern=r"^(https?://.+)?$",
        description="Address of the store (http://127.0.0.1:9000). Empty: Amazon's, by region.",
    )
    region: str = Field("us-east-1", description="Region of the bucket.")
    key_id: _Key | None = Field(None, description="Access key id. Empty: what the machine's own role allows.")
    secret_key: _Key | None = Field(None, description="Secret access key.")
    cache: int = Field(
        2048, ge=64, description="MiB of the store's files kept on this machine's disk; the longest unused go first."
    )


class Ops(_Section):
    """What a machine watches: /metrics, /healthz and /readyz, on a port of their own."""

    port: int | None = Field(
        None, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz; 0 takes a free one. Empty: closed."
    )
    host: str = Field("127.0.0.1", description="Where it listens. It asks nobody for a password: keep it inside.")


class Workers(_Section):
    """Drawing in processes of their own (`olympic worker`), on this machine or others; PostgreSQL and a store for films
    that all reach."""

    enabled: bool = Field(
        False, description="Leave drawing to workers; needs PostgreSQL and media.url, the same in all processes."
    )
    jobs: int = Field(4, ge=2, le=256, description="Clips one worker carries at the same time.")


class Limits(_Section):
    """What one member may have at a time."""

    running_per_member: int = Field(2, ge=1, description="Unfinished requests of one member.")
    daily_per_member: int = Field(20, ge=1, description="Requests of one member in 24 hours; failures do not count.")
    waiting: int = Field(5000, ge=1, description="Requests waiting in all before new ones are refused.")


class Animatic(_Section):
    """The built-in animator."""

    enabled: bool = Field(True, description="Offer it.")
    concurrency: int = Field(1, ge=1, le=16, description="Clips drawn at the same time.")
    processes: int = Field(0, ge=0, le=64, description="Drawing processes a clip; 0: one for each processor core.")
    fps: int = Field(24, ge=6, le=30, description="Pictures it draws for a second of film; fewer spare a slow machine.")
    deadline: float = Field(600, gt=0, description="Seconds after which a clip is given up.")


class Dashscope(_Section):
    """Wan models on Alibaba Cloud Model Studio; offered as soon as there is a key."""

    api_key: _Key | None = Field(None, description="Model Studio key (sk-…). Empty: no DashScope.")
    api: str = Field(
        "https://dashscope-intl.aliyuncs.com",
        description="Address of the key's region, a workspace's own host, or a proxy; without /api/v1.",
    )
    workspace: str = Field("", description="Workspace id, where the key belongs to a sub-workspace.")
    t2v: str = Field("wan2.6-t2v", description="Model that draws from words; none: not offered.")
    i2v: str = Field("wan2.6-i2v", description="Model whose film begins with the member's picture; none: not offered.")
    r2v: str = Field("none", description="Model that draws whoever is in the picture; wan2.6 and 2.7 stop at 10 s.")
    like: str = Field("", description="A model we know whose way of ordering models new to us share.")
    price: Decimal | None = Field(None, ge=0, description="Price of one second. Empty: the model's list price.")
    currency: str = Field("", description="Currency of the price. Empty: CNY in Beijing, USD elsewhere.")
    budget: Decimal | None = Field(None, ge=0, description="Most that may be spent in 24 hours. Empty: no limit.")
    concurrency: int = Field(5, ge=1, le=100, description="Clips drawn at the same time; the account's own limit is 5.")
    prompt_extend: bool = Field(True, description="Let the model write the prompt out; several cameras need it in 2.6.")
    watermark: bool = Field(False, description="Have the vendor print its mark into the film.")
    poll: float = Field(
        5.0, gt=0, le=60, description="Seconds between first looks at a task; they slow down threefold."
    )
    patience: float = Field(30.0, gt=0, le=300, description="Seconds without a byte before a call is given up.")
    deadline: float = Field(21600, gt=0, le=82800, description="Seconds after which a clip is given up.")
    result_hosts: str = Field(
        "", description="Private hosts results may lie on (host:port, comma-separated); public ones always may."
    )


class ComfyWorkflow(_Section):
    """An operator's own ComfyUI workflow."""

    file: Path = Field(description="A workflow in API format; in ComfyUI: Workflow → Export (API).")
    mode: Literal["t2v", "i2v", "flf2v"] = Field("t2v", description="What it starts from.")
    inject: dict[str, str] = Field(
        description="What goes where, as node.input: prompt, negative, seed, width, height, frames, fps, start_image, "
        "end_image, output (the file name of the node that saves the video)."
    )
    seconds: tuple[float, ...] = Field((5.0,), min_length=1, description="Lengths it can draw.")
    fps: int = Field(16, ge=1, le=120, description="Frames a second it draws.")
    size: str = Field("832x480", pattern=r"^\d+x\d+$", description="Pixels it draws, width x height.")
    multiple: int = Field(16, ge=1, description="Width and height must be multiples of this.")
    typical: tuple[float, float] = Field((60.0, 600.0), description="Seconds a clip usually takes, from and to.")


class Comfyui(_Section):
    """Our own GPUs under ComfyUI; it starts as soon as there is a server."""

    servers: _Words = Field((), description="Addresses of ComfyUI servers (http://127.0.0.1:8188). Empty: no ComfyUI.")
    headers: Annotated[dict[str, SecretStr], BeforeValidator(_parted)] = Field(
        {}, description="Headers that a proxy before the servers wants, name to value; in the environment as JSON."
    )
    profiles: _Words = Field(
        ("wan22-t2v-14b-fast4", "wan22-i2v-14b-fast4"),
        description="Ready workflows to offer: wan22-t2v-14b-fast4, wan22-t2v-14b-quality, wan22-i2v-14b-fast4, "
        "wan22-i2v-14b-quality, wan22-flf2v-14b-fast4, wan22-ti2v-5b.",
    )
    workflows: Annotated[tuple[ComfyWorkflow, ...], BeforeValidator(_parted)] = Field(
        (), description="Your own workflows; one replaces the profile of its mode."
    )
    size: str = Field(
        "", pattern=r"^(\d+x\d+)?$", description="Pixels to draw (1280x720); empty: each workflow's own size."
    )
    patience: float = Field(
        60.0,
        gt=0,
        le=300,
        description="Seconds without a byte before a call is given up; a server that loads a model may be silent.",
    )
    deadline: float = Field(3600, gt=0, description="Seconds after which a clip is given up.")


class OpenaiVideo(_Section):
    """A server with /v1/videos: SGLang, vLLM-Omni or a like one; offered as soon as there is an address."""

    api: str = Field("", description="Address of the server (http://127.0.0.1:30000). Empty: not offered.")
    key: _Key | None = Field(None, description="Its key, where it wants one.")
    dialect: str = Field(
        "sglang", pattern="^(sglang|vllm-omni|generic)$", description="What it speaks: sglang, vllm-omni or generic."
    )
    model: str = Field("", description="Name of the model it serves (Wan-AI/Wan2.2-T2V-A14B-Diffusers).")
    profile: str = Field("", description="How the model is ordered from; empty: told by its name.")
    image_api: str = Field("", description="A second server whose films begin with a picture, where the first cannot.")
    image_model: str = Field("", description="Name of the model the second server serves.")
    image_profile: str = Field("", description="How that model is ordered from; empty: told by its name.")
    size: str = Field("", pattern=r"^(\d+x\d+)?$", description="Pixels to draw (832x480); empty: the profile's.")
    seconds: str = Field(
        "",
        pattern=r"^(\d+(\.\d+)?(-\d+(\.\d+)?|(,\d+(\.\d+)?)*))?$",
        description="Lengths it draws: from-to (4-15) or a list (4,8,12); empty: the profile's.",
    )
    fps: int = Field(0, ge=0, le=120, description="Frames a second it draws; 0: the profile's.")
    sound: bool | None = Field(None, description="Whether its films have sound; empty: the profile knows.")
    extra: Annotated[dict[str, Any], BeforeValidator(_parted)] = Field(
        {}, description="More fields for every order (num_inference_steps = 4), as a table; in the environment as JSON."
    )
    mark: bool = Field(
        True,
        description="Mark orders in SGLang's model field, to find them again; false behind a router that reads it.",
    )
    price: Decimal | None = Field(
        None, ge=0, description="Price of one second; needed for generic, nothing on a machine of your own."
    )
    currency: str = Field("USD", description="Currency of the price.")
    budget: Decimal | None = Field(None, ge=0, description="Most that may be spent in 24 hours. Empty: no limit.")
    concurrency: int = Field(1, ge=1, le=256, description="Orders it may have at the same time.")
    poll: float = Field(2.0, gt=0, le=60, description="Seconds between looks at an order.")
    patience: float = Field(30.0, gt=0, le=300, description="Seconds without a byte before a call is given up.")
    deadline: float = Field(7200, gt=0, description="Seconds after which a clip is given up.")
    result_hosts: str = Field(
        "", description="Private hosts films may lie on besides the server itself (host:port, comma-separated)."
    )


class Fal(_Section):
    """Wan models on fal's queue; offered as soon as there is a key."""

    key: _Key | None = Field(None, description="fal key. Empty: no fal.")
    api: str = Field("https://queue.fal.run", description="Address of the queue, or of a proxy before it.")
    platform: str = Field("https://api.fal.ai/v1", description="Address of the platform API: prices and past requests.")
    t2v: str = Field("wan/v2.6/text-to-video", description="Endpoint that draws from words. Empty: not offered.")
    i2v: str = Field(
        "wan/v2.6/image-to-video", description="Endpoint whose film begins with the picture. Empty: not offered."
    )
    r2v: str = Field("", description="Endpoint that draws whoever is in the picture. Empty: not offered.")
    resolution: str = Field("720p", pattern="^(480p|720p|1080p)$", description="What to draw: 480p, 720p or 1080p.")
    price: Decimal | None = Field(None, ge=0, description="Price of one second, USD; empty: the endpoint's list price.")
    budget: Decimal | None = Field(None, ge=0, description="Most that may be spent in 24 hours. Empty: no limit.")
    expand: bool = Field(True, description="Let the model write the prompt out.")
    concurrency: int = Field(2, ge=1, le=100, description="Requests at the same time; a new account has 2.")
    poll: float = Field(2.0, gt=0, le=60, description="Seconds between first looks at a request; they slow fivefold.")
    lookup: float = Field(
        900, ge=0, le=7200, description="Seconds to search past requests for one whose answer was lost; 0: never."
    )
    patience: float = Field(30.0, gt=0, le=300, description="Seconds without a byte before a call is given up.")
    deadline: float = Field(7200, gt=0, description="Seconds after which a clip is given up.")
    result_hosts: str = Field(
        "", description="Private hosts results may lie on (host:port, comma-separated); public ones always may."
    )


class Chat(_Section):
    """A language model that writes sentences out for video models; asked only where such a model is configured."""

    api: str = Field("", description="Address of a server with /chat/completions (https://…/v1). Empty: none is asked.")
    key: _Key | None = Field(None, description="Its key, where it wants one.")
    model: str = Field("", description="Name of the language model.")
    task: str = Field(
        "expand", pattern="^(expand|translate)$", description="expand (describe more) or translate (into English only)."
    )
    longest: int = Field(800, ge=100, le=5000, description="Characters of an answer; longer ones are not used.")
    patience: float = Field(8.0, gt=0, le=30, description="Seconds before the sentence is used as it is.")


class Settings(_Section):
    """The whole."""

    home: Path = Field(Path("olympic-data"), description="The one folder that holds all data.")
    language: str = Field(
        "en", description="Language where nobody said another; one of those the catalogues hold (en, ja, de …)."
    )
    database: _Address = Field("", description="SQLAlchemy address; empty: SQLite in the data folder.")
    sealing_key: _Key | None = Field(
        None, description="Fernet key that seals others' tokens in the database; empty: one kept in the data folder."
    )
    backend: str = Field("", description="Backend for requests that name none; empty: the first that can do it.")
    when_down: str = Field(
        "wait",
        pattern="^(wait|next|fail)$",
        description="What becomes of requests whose backend fails or has spent its budget: wait (until it is well "
        "again), next (another backend that can draw them, where nothing was paid and the member named none) or fail.",
    )
    storyboard: str = Field(
        "cuts",
        pattern="^(cuts|chained)$",
        description="Films put together from several shots: cuts (drawn side by side, hard cuts) or chained (each shot "
        "begins with the last picture of the one before, where the backend can).",
    )
    log: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="How much is logged: debug, info, warning or error. SIGHUP reads it again.",
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="auto: lines for people on a terminal, JSON lines elsewhere; console or json decides."
    )
    discord: Discord = Discord()  # pyright: ignore[reportCallIssue]  # every field has a default
    slack: Slack = Slack()  # pyright: ignore[reportCallIssue]
    studio: Studio = Studio()  # pyright: ignore[reportCallIssue]
    hall: Hall = Hall()  # pyright: ignore[reportCallIssue]
    provenance: Provenance = Provenance()  # pyright: ignore[reportCallIssue]
    media: Media = Media()  # pyright: ignore[reportCallIssue]
    ops: Ops = Ops()  # pyright: ignore[reportCallIssue]
    workers: Workers = Workers()  # pyright: ignore[reportCallIssue]
    limits: Limits = Limits()  # pyright: ignore[reportCallIssue]
    animatic: Animatic = Animatic()  # pyright: ignore[reportCallIssue]
    dashscope: Dashscope = Dashscope()  # pyright: ignore[reportCallIssue]
    comfyui: Comfyui = Comfyui()  # pyright: ignore[reportCallIssue]
    openai_video: OpenaiVideo = OpenaiVideo()  # pyright: ignore[reportCallIssue]
    fal: Fal = Fal()  # pyright: ignore[reportCallIssue]
    chat: Chat = Chat()  # pyright: ignore[reportCallIssue]

    @property
    def studio_on(self) -> bool:
        """Whether the studio runs: asked for, or nothing else is configured."""
        if self.studio.enabled is not None:
            return self.studio.enabled
        return self.discord.token is None and not self.slack.on

    @property
    def hall_on(self) -> bool:
        """Whether the hall is open to visitors: asked for, or there is somebody who can reach it."""
        if self.hall.enabled is not None:
            return self.hall.enabled
        return self.studio_on or bool(self.hall.address)

    @property
    def hall_address(self) -> str:
        """Where links to exhibits lead, without a slash at the end; empty while the hall is closed."""
        if not self.hall_on:
            return ""
        host = f"[{self.hall.host}]" if ":" in self.hall.host else self.hall.host
        return self.hall.address.rstrip("/") or f"http://{host}:{self.hall.port}"

    def secrets(self) -> list[str]:
        """Every secret in it, and the database's password, so that they can be kept out of what is printed."""
        password = urlsplit(self.database).password
        return [*_hushed(self), *([unquote(password), password] if password else [])]


class Source(StrEnum):
    """Where a setting's value comes from; the later wins."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    GIVEN = "command line"


def load(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from file and environment; `given` (dotted names as a__b) win over both.

    Raises `SetupError` with one sentence for an unknown name, a wrong value, or an unreadable file.
    """
    environment = os.environ if environment is None else environment
    values = _file(environment)
    for name, value in (*_environment(environment), *_given(given)):
        _set(values, name, value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _explained(error.errors()[0]) from error


def sources(environment: Mapping[str, str] | None = None, **given: Any) -> dict[str, Source]:
    """Where `load`, called the same way, takes each setting from, by dotted name."""
    environment = os.environ if environment is None else environment
    told = dict.fromkeys((name for name, _, _ in names()), Source.DEFAULT)
    told |= {name: Source.FILE for name in told if _holds(_file(environment), name.split("."))}
    told |= {".".join(path): Source.ENVIRONMENT for path, _ in _environment(environment)}
    return told | {".".join(path): Source.GIVEN for path, _ in _given(given)}


def names() -> list[tuple[str, str, Any]]:
    """Every setting as (dotted name, meaning, default), sections in order."""
    return [(".".join(path), field.description or "", field.get_default()) for path, field in _fields(Settings)]


def about(section: str) -> str:
    """What a section is for."""
    return str(Settings.model_fields[section].annotation.__doc__)


def _fields(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, _Section):
            yield from _fields(inner, (*path, name))
        else:
            yield (*path, name), field


def _file(environment: Mapping[str, str]) -> dict[str, Any]:
    named = environment.get("OLYMPIC_CONFIG")
    path = Path(named) if named else Path(environment.get("OLYMPIC_HOME") or "olympic-data") / "olympic.toml"
    try:
        if not path.is_file():
            if named:
                raise SetupError(key="setup.no_file", file=str(path))
            return {}
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(key="setup.bad_file", file=str(path), why=str(error)) from error


def _environment(environment: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    known = {PREFIX + "_".join(path).upper(): path for path, _ in _fields(Settings)}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in _OUTSIDE:
            continue
        if name not in known:
            raise _unknown(name, list(known))
        if value != "":
            yield known[name], value


def _given(given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in given.items():
        if value is not None:
            yield tuple(name.split("__")), value


def _holds(values: Any, path: Sequence[str]) -> bool:
    for part in path:
        if not isinstance(values, dict) or part not in values:
            return False
        values = cast("dict[str, Any]", values)[part]
    return True


def _hushed(value: Any) -> Iterator[str]:
    """Every secret inside a value."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _hushed(getattr(value, name))
    elif isinstance(value, dict):
        for inner in cast("dict[str, Any]", value).values():
            yield from _hushed(inner)


def _set(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            raise SetupError(key="setup.bad_value", name=part, why=f"[{part}] is a table")
        values = cast("dict[str, Any]", inner)
    values[path[-1]] = value


def _explained(error: ErrorDetails) -> SetupError:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        dotted = [one for one, _, _ in names()]
        return _unknown(name, [*dotted, *{one.partition(".")[0] for one in dotted if "." in one}])
    return SetupError(key="setup.bad_value", name=name, why=error["msg"])


def _unknown(name: str, known: list[str]) -> SetupError:
    short = {one.removeprefix(PREFIX): one for one in known}
    near = [short[one] for one in difflib.get_close_matches(name.removeprefix(PREFIX), short, n=1, cutoff=0.5)]
    return SetupError(key="setup.unknown_near" if near else "setup.unknown", name=name, near=near[0] if near else "")
