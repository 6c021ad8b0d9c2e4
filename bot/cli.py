"""Command line 命令行: run · demo · say · check · audit · import · backup, and more."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bot.terminal import Terminal


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 1 is a sentence about what to mend, 2 a wrong command."""
    from bot.listening import PortTaken
    from bot.settings_file import SettingsWrong
    from storage.faults import StorageFault

    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except SettingsWrong as wrong:
        return _failed(Terminal().mistakes(wrong))
    except StorageFault as fault:
        return _failed(Terminal().fault(fault))
    except PortTaken as taken:
        return _failed(Terminal().words("terminal.port_taken", where=taken))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _failed(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


class _Parser(argparse.ArgumentParser):
    """Says first, in the operator's language, how to go on; then what argparse found, short."""

    def error(self, message: str) -> NoReturn:
        hint = Terminal().words("terminal.wrong_command", help=f"{self.prog} -h")
        self.exit(2, f"{hint}\n{message}\n")


def _parser() -> argparse.ArgumentParser:
    say = Terminal().words
    parser = _Parser(prog="python -m bot", description=say("terminal.about"))
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, *, is_configured: bool = True) -> argparse.ArgumentParser:
        words = say(f"terminal.commands.{name.replace('-', '_')}")
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        if is_configured:
            default = Path(os.environ.get("MULIN_CONFIG") or "config.toml")
            made.add_argument("--config", type=Path, default=default, metavar="FILE")
        return made

    command("run", _run)
    _demo_options(command("demo", _demo, is_configured=False))
    _say_options(command("say", _say, is_configured=False))
    _when_options(command("when", _when, is_configured=False))
    command("check", _check)
    _audit_options(command("audit", _audit))
    command("migrate", _migrate)
    made = command("backup", _backup)
    made.add_argument("file", type=Path, help=say("terminal.option.backup_file"))
    made = command("restore", _restore)
    made.add_argument("file", type=Path, help=say("terminal.option.restore_file"))
    made.add_argument("--over", action="store_true", help=say("terminal.option.over"))
    made = command("migrate-to", _migrate_to)
    made.add_argument("url", help=say("terminal.option.target"))
    tidy = command("tidy", _tidy)
    tidy.add_argument("--dry-run", action="store_true", help=say("terminal.option.dry_tidy"))
    _import_options(command("import", _import))
    command("config-example", _config_example, is_configured=False)
    return parser


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", default="data/demo.db", metavar="FILE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)


def _say_options(parser: argparse.ArgumentParser) -> None:
    from bot.say import instant_of

    say = Terminal().words
    parser.add_argument("file", nargs="?", default="-", help=say("terminal.option.file"))
    parser.add_argument("--db", default=":memory:", help=say("terminal.option.db"))
    parser.add_argument("--now", type=instant_of, help=say("terminal.option.now"))
    parser.add_argument("--seed", choices=["example"], help=say("terminal.option.seed"))
    parser.add_argument("--json", action="store_true", help=say("terminal.option.json"))


def _when_options(parser: argparse.ArgumentParser) -> None:
    from bot.when import options

    options(parser)


def _when(arguments: argparse.Namespace) -> int:
    from bot.when import answered

    return answered(arguments)


def _import_options(parser: argparse.ArgumentParser) -> None:
    say = Terminal().words
    parser.add_argument("file", nargs="?", type=Path, help=say("terminal.option.import_file"))
    parser.add_argument("--dry-run", action="store_true", help=say("terminal.option.dry_run"))
    parser.add_argument("--yes", action="store_true", help=say("terminal.option.yes"))
    parser.add_argument("--community", metavar="NAME", help=say("terminal.option.community"))
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help=say("terminal.option.template")
    )


def _import(arguments: argparse.Namespace) -> int:
    from bot.importing import Wanted, imported

    wanted = Wanted(
        arguments.file,
        arguments.template,
        arguments.community,
        is_dry=arguments.dry_run,
        is_sure=arguments.yes,
    )
    return asyncio.run(imported(arguments.config, wanted))


def _tidy(arguments: argparse.Namespace) -> int:
    from bot.tidying import tidied

    return asyncio.run(tidied(arguments.config, is_dry=arguments.dry_run))


def _run(arguments: argparse.Namespace) -> int:
    from bot import running

    if arguments.config != running.CONFIG and not arguments.config.exists():
        return _failed(Terminal().words("terminal.no_file", file=arguments.config))
    if not running.is_configured(arguments.config):
        return _demo(_parser().parse_args(["demo"]))
    return running.run(arguments.config)


def _demo(arguments: argparse.Namespace) -> int:
    from bot import running

    return running.demo(arguments.db, arguments.host, arguments.port)


def _say(arguments: argparse.Namespace) -> int:
    from bot.say import CannotSay, dialog_lines, played

    try:
        asyncio.run(
            played(
                dialog_lines(arguments.file),
                url=arguments.db,
                now=arguments.now,
                seeds=bool(arguments.seed),
                as_json=arguments.json,
            )
        )
    except CannotSay as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from bot.check import check

    return asyncio.run(check(arguments.config))


def _audit_options(parser: argparse.ArgumentParser) -> None:
    say = Terminal().words
    parser.add_argument("file", nargs="?", type=Path, help=say("terminal.option.ledger"))
    parser.add_argument("--export", type=Path, metavar="ZIP", help=say("terminal.option.export"))
    parser.add_argument("--motion", type=int, metavar="N", help=say("terminal.option.motion"))


def _audit(arguments: argparse.Namespace) -> int:
    from bot.audit import Options, audit

    options = Options(arguments.config, arguments.file, arguments.export, arguments.motion)
    return asyncio.run(audit(options))


def _migrate(arguments: argparse.Namespace) -> int:
    from bot.migrate import migrate

    return asyncio.run(migrate(arguments.config))


def _backup(arguments: argparse.Namespace) -> int:
    from bot.backup import backup

    return backup(arguments.config, arguments.file)


def _restore(arguments: argparse.Namespace) -> int:
    from bot.backup import restore

    return restore(arguments.config, arguments.file, is_sure=arguments.over)


def _migrate_to(arguments: argparse.Namespace) -> int:
    from bot.crossing import crossed

    return asyncio.run(crossed(arguments.config, arguments.url))


def _config_example(arguments: argparse.Namespace) -> int:
    from bot.settings_example import example

    print(example(), end="")
    return 0
