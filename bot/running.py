"""Running 运行: builds the program that the settings describe, or the example neighbourhood."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import logs
from bot.app import App
from bot.clock import system_clock
from bot.forecasting import LazyOpenMeteo, Source
from bot.founding import Founded, Plan, found
from bot.listening import listen
from bot.platforms.base import Platform
from bot.settings import Settings, TelegramSection
from bot.settings_file import read_settings, variables
from bot.settings_wecom import WeComSection
from bot.terminal import Terminal
from domain.meetings import Rhythm
from domain.motions import VoteSettings
from domain.outlook import Position
from domain.surveys import share_of
from storage.database import Database, driver_for
from storage.photos import StoredPhoto

if TYPE_CHECKING:
    from bot.platforms.telegram import TelegramPlatform
    from bot.platforms.wecom.callback import Endpoint
    from bot.platforms.wecom.connection import Credentials
    from bot.platforms.wecom.platform import WeComPlatform

CONFIG: Final = Path("config.toml")


def is_configured(path: Path) -> bool:
    """Whether anybody has set anything; else ``run`` shows the example neighbourhood."""
    return path.exists() or bool(variables())


def run(path: Path) -> int:
    """Run what the settings describe until it is stopped; the exit code."""
    settings = read_settings(path)
    terminal = Terminal(settings.language)
    logs.set_up(settings.log.level, settings.log.format, settings.secrets())
    asyncio.run(_run(settings, terminal))
    return 0


def demo(db: str, host: str, port: int) -> int:
    """Run the example neighbourhood until it is stopped; the exit code."""
    from bot.settings import LogSection

    logs.set_up(LogSection().level, LogSection().format)
    asyncio.run(_demo(db, host, port))
    return 0


async def _demo(db: str, host: str, port: int) -> None:
    from bot.demo import Demo, demo_clock
    from bot.example_weather import ExampleWeather
    from bot.platforms.webchat import WebChatPlatform
    from bot.program import Program

    listener = listen(host, port, or_any=True)
    address = f"http://{host}:{listener.getsockname()[1]}"
    clock, terminal = demo_clock(), Terminal()
    database = Database(driver_for(db), clock)
    platform = WebChatPlatform(database, base_url=address)
    app = App(database, [platform], base_url=address, weather=ExampleWeather())
    demo = Demo(app, platform, clock)

    async def opened() -> None:
        await demo.open()
        for key in ("demo", "demo_hint", "how_to_stop"):
            say(terminal.words(f"terminal.{key}", address=address))

    await Program(app, listener, demo.routes()).run(opened)


async def _run(settings: Settings, terminal: Terminal) -> None:
    from bot.program import Program

    listener = listen(settings.web.host, settings.web.port)
    database = open_database(settings)
    app = App(
        database,
        platforms_of(settings, database),
        base_url=settings.base_url,
        weather=weather_of(settings),
    )

    async def opened() -> None:
        say(terminal.words("terminal.started", address=settings.base_url))
        if settings.community.name:
            plan = plan_of(settings)
            _say_founded(
                terminal, await database.unit(lambda unit: found(unit, plan)), settings.base_url
            )
        else:
            say(terminal.words("terminal.no_community"))
        say(terminal.words("terminal.how_to_stop"))

    await Program(app, listener).run(opened)


def open_database(settings: Settings) -> Database:
    """The database of the settings, not opened yet."""
    return Database(driver_for(settings.database.url.get_secret_value()), system_clock)


def platforms_of(settings: Settings, database: Database) -> list[Platform]:
    """The platforms that are switched on."""
    from bot.platforms.webchat import WebChatPlatform

    found: list[Platform] = [WebChatPlatform(database, base_url=settings.base_url)]
    if settings.telegram.token.get_secret_value():
        found.append(telegram(settings.telegram, database))
    if settings.wecom.bot_id:
        found.append(wecom(settings.wecom, database, settings.language))
    return found


def telegram(section: TelegramSection, database: Database) -> "TelegramPlatform":
    """The Telegram platform; imported here, since it is the half of our memory."""
    from bot.platforms.telegram import TelegramPlatform

    async def photo(photo_id: int) -> StoredPhoto | None:
        return await database.read(lambda unit: unit.photos.get(photo_id))

    return TelegramPlatform(
        section.token.get_secret_value(),
        load_photo=photo,
        api_url=section.api_url,
        mode=section.mode,
        webhook_url=section.webhook_url,
        secret_token=section.secret_token.get_secret_value(),
    )


def wecom(section: WeComSection, database: Database, language: str) -> "WeComPlatform":
    """The WeCom platform; imported here, since its libraries are large."""
    from bot.platforms.base import Pace
    from bot.platforms.wecom.platform import Options, WeComPlatform

    return WeComPlatform(
        wecom_entry(section),
        database,
        Options(
            bot_name=section.bot_name,
            has_cards=section.cards,
            pace=Pace(
                per_chat_second=2,
                per_chat_minute=section.per_minute,
                per_chat_hour=section.per_hour,
            ),
            lang=language,
            robots={name: url.get_secret_value() for name, url in section.robots.items()},
        ),
    )


def wecom_entry(section: WeComSection) -> "Credentials | Endpoint":
    """Who we are for WeCom, or where it posts to."""
    from bot.platforms.wecom.callback import Endpoint
    from bot.platforms.wecom.connection import Credentials

    if section.mode == "callback":
        token, key = section.token.get_secret_value(), section.aes_key.get_secret_value()
        return Endpoint(section.callback_url, token, key)
    return Credentials(section.bot_id, section.secret.get_secret_value(), section.ws_url)


def plan_of(settings: Settings) -> Plan:
    """What the settings want the community to be."""
    section = settings.community
    return Plan(
        section.name,
        section.street,
        section.zone,
        settings.language,
        section.quiet_from,
        section.quiet_until,
        section.grids,
        section.digests,
        position_of(settings),
        rhythm_of(settings),
        votes_of(settings),
        [share_of(text).of_whole for text in settings.surveys.milestones],
        settings.projects.most_asked_yuan * 100,
    )


def votes_of(settings: Settings) -> VoteSettings:
    """How the community's owners vote."""
    section = settings.votes
    return VoteSettings(
        notice_days=section.notice_days,
        publicity_days=section.publicity_days,
        binding=frozenset(section.binding),
        proxies=section.proxies,
        fewest=section.fewest_secret,
        hold_days=section.names_days,
    )


def rhythm_of(settings: Settings) -> Rhythm:
    """How the community meets."""
    section = settings.meetings
    return Rhythm(
        timedelta(minutes=section.last_minutes),
        tuple(timedelta(hours=hours) for hours in section.remind_hours_before),
        timedelta(days=section.call_days_before),
    )


def position_of(settings: Settings) -> Position | None:
    """Where the community lies; None where its weather shall not be asked for."""
    section = settings.community
    if not settings.weather.url or section.latitude is None or section.longitude is None:
        return None
    return Position.rounded(section.latitude, section.longitude)


def weather_of(settings: Settings) -> Source | None:
    """Who knows the weather; None where nobody shall be asked."""
    return LazyOpenMeteo(settings.weather.url) if settings.weather.url else None


def _say_founded(terminal: Terminal, founded: Founded, base_url: str) -> None:
    if founded.others:
        say(terminal.words("terminal.other_communities", names=", ".join(founded.others)))
    if founded.code is not None:
        link = f"{base_url}/j/{founded.code.replace('-', '')}"
        say(terminal.words("terminal.first_code", code=founded.code, link=link))


def say(words: str) -> None:
    """Tell the operator at once, also where a pipe would wait."""
    print(words, flush=True, file=sys.stdout)
