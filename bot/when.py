"""What a moment means 几时: ``python -m bot when TEXT --now ISO``, for trying and for scripts."""

import argparse
import sys
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clock import system_clock
from bot.example import ZONE
from domain.moments import Answer, Moment, Question, Setting, moment_of
from handlers.almanac import LunarAlmanac
from handlers.moments import asking
from handlers.wording import LANGUAGES, Speaker

UNDERSTOOD, UNCLEAR, NO_MOMENT = 0, 1, 2


def options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("text", help="明晚七点半, 周五晚8点, next friday 7pm; -")
    parser.add_argument("--now", type=datetime.fromisoformat, help="ISO")
    parser.add_argument("--zone", type=_zone, default=ZoneInfo(ZONE), help=ZONE)
    parser.add_argument("--lang", default="zh", choices=LANGUAGES)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise argparse.ArgumentTypeError(name) from error


def answered(arguments: argparse.Namespace) -> int:
    """Answer on standard output; the exit code tells understood, unclear and no moment apart."""
    now = arguments.now or system_clock()
    setting = Setting(
        now if now.tzinfo else now.replace(tzinfo=arguments.zone), arguments.zone, LunarAlmanac()
    )
    if arguments.text == "-":
        for line in sys.stdin:
            print(_in_short(moment_of(line, setting)), flush=True)
        return UNDERSTOOD
    answer = moment_of(arguments.text, setting)
    if answer is None:
        words = Speaker(arguments.lang, setting.zone).text(
            "refusal.no_moment", {"text": arguments.text}
        )
        print(words, file=sys.stderr)
        return NO_MOMENT
    if isinstance(answer, Question):
        print(Speaker(arguments.lang, setting.zone).say(asking(answer)))
        return UNCLEAR
    print(written(answer))
    return UNDERSTOOD


def _in_short(answer: Answer) -> str:
    if answer is None:
        return "-"
    return "?" if isinstance(answer, Question) else written(answer)


def written(moment: Moment) -> str:
    """Local start, and end after a blank, to the minute or as dates alone."""
    form = "%Y-%m-%dT%H:%M" if moment.has_hour else "%Y-%m-%d"
    return " ".join(at.strftime(form) for at in (moment.start, moment.end) if at)
