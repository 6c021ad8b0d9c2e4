"""Settings 设置: one class over ``config.toml`` and the environment."""

import re
from datetime import time
from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic import model_validator as whole
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import EnvSettingsSource

from bot.settings_projects import ProjectsSection
from bot.settings_section import Address, Name, Section, wrong
from bot.settings_surveys import SurveysSection
from bot.settings_votes import VotesSection
from bot.settings_wecom import WeComSection
from domain.digest import Timetable

PREFIX: Final = "MULIN_"
"""Of the variables that set something: ``MULIN_TELEGRAM__TOKEN`` is ``token`` in ``[telegram]``."""

_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise wrong("zone") from error
    return name


def _database(url: SecretStr) -> SecretStr:
    head, mark, _ = url.get_secret_value().partition("://")
    try:
        is_known = not mark or head in {"postgresql", "postgres", "sqlite"}
        urlsplit(url.get_secret_value()).hostname  # noqa: B018 (raises for half an address)
    except ValueError:
        is_known = False
    if not is_known or not url.get_secret_value():
        raise wrong("database")
    return url


def _token(token: SecretStr) -> SecretStr:
    if token.get_secret_value() and not _TOKEN.fullmatch(token.get_secret_value()):
        raise wrong("token")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value() and not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise wrong("webhook_secret")
    return secret


def _clock_time(value: object) -> object:
    if not isinstance(value, (str, time)):
        raise wrong("clock_time")
    return value


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Weekday = Literal["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""A day of the week, or none."""


class DatabaseSection(Section):
    """数据存放在哪里。 Where everything is stored."""

    url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        default=SecretStr("data/mulin.db"),
        description="文件路径，或 PostgreSQL 的地址 postgresql://用户:密码@主机/库。\n"
        "A file's path, or postgresql://user:password@host/database.",
    )


class WebSection(Section):
    """网页聊天，以及监控用的 /healthz 和 /metrics。 The web chat, and /healthz and /metrics."""

    host: str = Field(
        default="127.0.0.1",
        description="监听的地址。127.0.0.1 只有本机能打开；0.0.0.0 整个网络都能打开。\n"
        "127.0.0.1 serves this machine alone, 0.0.0.0 the whole network.",
    )
    port: int = Field(default=8080, ge=1, le=65535, description="端口。 The port.")
    public_url: Address = Field(
        default="",
        description="居民从外面打开网页的地址，会写进邀请链接和二维码；空着就用上面的地址。\n"
        "The address under which residents reach the pages; empty means host and port.",
        examples=["https://mulin.example.org"],
    )


class TelegramSection(Section):
    """Telegram 机器人；没有 token 就不启用。 The Telegram bot; off without a token."""

    token: Annotated[SecretStr, AfterValidator(_token)] = Field(
        default=SecretStr(""),
        description="@BotFather 给的令牌；最好放在环境变量 MULIN_TELEGRAM__TOKEN 里。\n"
        "From @BotFather; better kept in the variable MULIN_TELEGRAM__TOKEN.",
        examples=["123456789:AbCdEfGhIjKlMnOpQrStUvWxYz_12345678"],
    )
    mode: Literal["polling", "webhook"] = Field(
        default="polling",
        description="polling 自己去取消息，不需要公网地址；webhook 由 Telegram 送来。\n"
        "polling needs no public address; webhook lets Telegram call us.",
    )
    webhook_url: Address = Field(
        default="",
        description="webhook 时 Telegram 送消息的 https 地址，转到上面 [web] 的端口。\n"
        "For webhook: the https address that leads to the port of [web].",
        examples=["https://mulin.example.org"],
    )
    secret_token: Annotated[SecretStr, AfterValidator(_webhook_secret)] = Field(
        default=SecretStr(""),
        description="webhook 时双方约定的暗号，只用字母、数字、_ 和 -。\n"
        "For webhook: a secret of letters, digits, _ and - that Telegram must send along.",
        examples=["a-long-random-word"],
    )
    api_url: Address = Field(
        default="https://api.telegram.org",
        description="Bot API 的地址；自建 Bot API 服务器时改这里。\n"
        "Of the Bot API; another one for a server of your own.",
    )

    @whole(mode="after")
    def _webhook_is_complete(self) -> "TelegramSection":
        if self.mode == "webhook" and self.token.get_secret_value():
            if not self.webhook_url.startswith("https://"):
                raise wrong("webhook_url", key="webhook_url")
            if not self.secret_token.get_secret_value():
                raise wrong("webhook_secret", key="secret_token")
        return self


class CommunitySection(Section):
    """您的社区；第一次启动时照此建好，以后可以再加楼。 Made at the first start; add to it later."""

    name: str = Field(
        default="",
        max_length=60,
        description="社区（居民区）的名字；改名会另建一个社区。\n"
        "Its name; another name makes another community.",
        examples=["睦邻社区"],
    )
    street: str = Field(
        default="",
        max_length=60,
        description="所属街道；空着就没有上一级。\nThe street office above it, if any.",
        examples=["梧桐街道"],
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Shanghai", description="时区。 Time zone."
    )
    quiet_from: ClockTime = Field(
        default=time(22),
        description="从几点起不打扰居民（急事除外）。 Nobody is disturbed from then on …",
    )
    quiet_until: ClockTime = Field(default=time(7), description="到几点为止。 … until then.")
    digest_at: ClockTime = Field(
        default=time(8), description="网格员日报几点发。 When grid workers get their digest."
    )
    latitude: float | None = Field(
        default=None,
        ge=-90,
        le=90,
        description="社区在北纬几度，两位小数就够；用来查天气，给夜话挑晴天。不填就不查。\n"
        "Degrees north, for the weather of meetings; left out, no weather is asked for.",
        examples=[30.59],
    )
    longitude: float | None = Field(
        default=None,
        ge=-180,
        le=180,
        description="社区在东经几度。 Degrees east.",
        examples=[114.3],
    )
    weekly_digest_on: Weekday = Field(
        default="",
        description="周报星期几发给网格员和居委会（周周碰的材料），空着就不发；随时可以说“周报”来看。\n"
        "Weekday of the weekly edition for grid workers and committee; empty: only when asked for.",
        examples=["monday"],
    )
    monthly_digest_on: int = Field(
        default=0,
        ge=0,
        le=28,
        description="月报每月几号发（1 到 28），0 就不发。\n"
        "Day of the month of the monthly edition, 1 to 28; 0: only when asked for.",
        examples=[1],
    )
    grids: dict[Name, list[Name]] = Field(
        default={},
        description="微网格和各自的楼栋。 Micro-grids and their buildings.",
        examples=[{"第一网格": ["1号楼", "2号楼", "3号楼"], "第二网格": ["4号楼", "5号楼"]}],
    )

    @property
    def digests(self) -> Timetable:
        """When the digests are sent."""
        weekday = get_args(Weekday).index(self.weekly_digest_on) - 1
        return Timetable(
            self.digest_at, weekday if weekday >= 0 else None, self.monthly_digest_on or None
        )

    @whole(mode="after")
    def _tree_is_whole(self) -> "CommunitySection":
        if self.grids and not self.name:
            raise wrong("required", key="name")
        if (self.latitude is None) != (self.longitude is None):
            raise wrong("required", key="latitude" if self.latitude is None else "longitude")
        buildings = [name for names in self.grids.values() for name in names]
        if len(set(buildings)) < len(buildings):
            raise wrong("twice", key="grids")
        return self


class MeetingsSection(Section):
    """睦邻夜话等会议。 Meetings."""

    last_minutes: int = Field(
        default=120,
        ge=15,
        le=720,
        description="没说几点结束的会，按开多少分钟算。\n"
        "Minutes that a meeting lasts where nobody said its end.",
    )
    remind_hours_before: list[Annotated[int, Field(ge=1, le=720)]] = Field(
        default=[72, 24, 2],
        max_length=6,
        description="开会前几小时提醒报名的人；最接近一天的那次，群里也说一声。\n"
        "Hours before the start at which those who signed up are reminded; the one nearest to a "
        "day is said in the group too.",
    )
    call_days_before: int = Field(
        default=10,
        ge=1,
        le=60,
        description="每周、每月重复的会，提前几天自动召集下一次。\n"
        "Days before its start at which the next one of a repeated meeting is called.",
    )


class WeatherSection(Section):
    """天气预报：Open-Meteo，不用注册，非商业使用免费。 The forecast: no account is needed."""

    url: Address = Field(
        default="https://api.open-meteo.com",
        description='天气服务的地址；自建 Open-Meteo 时改这里。写成 "" 就不查天气。\n'
        'Of the service; another one for a server of your own, "" for no weather at all.',
    )


class LogSection(Section):
    """日志；其中没有居民的话、名字和门牌。 The log; nobody's words, names or flats are in it."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="从哪一级起记。 The least level that is written."
    )
    format: Literal["auto", "json", "plain"] = Field(
        default="auto",
        description="auto：终端里给人看的 plain，其他地方一行一个 JSON。\n"
        "auto is plain on a terminal and one JSON object a line elsewhere.",
    )


class Environment(EnvSettingsSource):
    """The environment; what is no JSON where some is wanted is told with all other mistakes."""

    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        """The decoded value, or the text as it stands, which then is the wrong type."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class Settings(BaseSettings):
    """Every setting; the environment wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    language: Literal["zh", "en"] = Field(
        default="zh",
        description="程序和新社区的语言：zh 中文，en English。居民可以自己另选。\n"
        "Language of the program and of a new community; residents may choose their own.",
    )
    database: DatabaseSection = DatabaseSection()
    web: WebSection = WebSection()
    telegram: TelegramSection = TelegramSection()
    wecom: WeComSection = WeComSection()
    community: CommunitySection = CommunitySection()
    meetings: MeetingsSection = MeetingsSection()
    votes: VotesSection = VotesSection()
    surveys: SurveysSection = SurveysSection()
    projects: ProjectsSection = ProjectsSection()
    weather: WeatherSection = WeatherSection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what the file says."""
        return Environment(settings_cls), init_settings

    @property
    def base_url(self) -> str:
        """Where residents reach our pages; no slash at its end."""
        host = "127.0.0.1" if self.web.host in {"0.0.0.0", "::"} else self.web.host
        shown = f"[{host}]" if ":" in host else host
        return self.web.public_url or f"http://{shown}:{self.web.port}"

    def secrets(self) -> list[str]:
        """All values that must never be printed."""
        telegram = self.telegram
        password = urlsplit(self.database.url.get_secret_value()).password or ""
        found = [telegram.token.get_secret_value(), telegram.secret_token.get_secret_value()]
        return [secret for secret in (*found, *self.wecom.secrets(), password) if secret]
