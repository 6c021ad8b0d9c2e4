"""My data 我的数据: what is stored of the asker, as a page and as files; corrected and deleted."""

import json
from collections.abc import Mapping
from typing import Any, Final

from domain.holds import held_until
from domain.motions import Motion
from domain.people import Ability, Role
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import Flag
from handlers.messages import Document, Reply, Series, Typed, Words
from handlers.people import rename
from handlers.registry import REGISTRY, button, command, press
from handlers.wording import Speaker
from storage.mydata import Stored

_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"
_COUNTED: Final = ("issues", "seconds", "votes", "meeting_answers", "photos", "web_messages")
"""Of these the page tells how many; the files have them all."""


@command("我的数据", "mydata", may=Ability.ASK, section="people", where="private")
async def mydata(ask: Ask) -> Reply:
    """All that is stored of me: seen, taken along, corrected, deleted."""
    held = await ask.unit.mydata.of(ask.actor.id)
    given = await ask.unit.consents.given(ask.actor.id)
    facts = {
        "holds": await _holds(ask),
        "name": Typed(ask.actor.name),
        "homes": Series(tuple(_homes(held, ask.tell.speaker(ask.actor.lang)))),
        "accounts": Series(tuple(sorted({r["platform"] for r in held.get("identities", [])}))),
        "counts": [
            Words(f"mydata.count.{name}", {"count": len(held[name])})
            for name in _COUNTED
            if held.get(name)
        ],
        "consents": [Words("mydata.consent", {"kind": k, "at": at}) for k, at in given.items()],
    }
    rows = (
        (
            button(export, "button.mydata_text", for_programs=0),
            button(export, "button.mydata_json", for_programs=1),
        ),
        (button(rename), button(REGISTRY.commands["language"].handler)),
        (button(ask_erase),),
    )
    return Reply("mydata.page", facts, rows, is_private=True)


def _homes(held: Stored, speaker: Speaker) -> list[str]:
    """Where somebody belongs now, and as what."""
    return [
        speaker.text("mydata.home", {"place": r["place"], "role": Role(r["role"])})
        for r in held.get("grants", [])
        if r["until"] is None
    ]


async def _holds(ask: Ask) -> list[Words]:
    """Until when formal votes keep the asker's name, one line for each vote."""
    ids = {found["motion_id"] for found in await ask.unit.holds.of(ask.actor.id)}
    held = [await _hold(ask, await ask.unit.motions.by_id(one)) for one in sorted(ids)]
    return [Words("mydata.hold_why"), *held] if held else []


async def _hold(ask: Ask, motion: Motion) -> Words:
    settings = await ask.unit.motions.settings(motion.community_id)
    until = ask.tell.speaker(ask.actor.lang).moment(
        held_until(motion, settings), "mydata.hold_until"
    )
    facts = {"label": motion.label, "title": Typed(motion.title), "until": until}
    return Words("mydata.hold", facts)


@press("mydataget", may=Ability.ASK)
async def export(ask: Ask, for_programs: Flag) -> Reply:
    """The same as a file: to be read, or for programs."""
    held = await ask.unit.mydata.of(ask.actor.id)
    speaker = ask.tell.speaker(ask.actor.lang)
    if for_programs:
        words = json.dumps(held, ensure_ascii=False, indent=2, default=str)
        document = await _kept(ask, "json", _JSON, words)
    else:
        document = await _kept(ask, "txt", _TEXT, as_text(held, speaker))
    return Reply("mydata.file", {"name": Typed(document.name)}, document=document, is_private=True)


async def _kept(ask: Ask, ending: str, mime: str, words: str) -> Document:
    name = f"mulin-{ask.now:%Y%m%d}.{ending}"
    return await ask.keep_document(name, mime, words.encode("utf-8-sig"))


def as_text(held: Stored, speaker: Speaker) -> str:
    """All rows as lines that can be read; each sort under a heading of its own."""
    parts = []
    for name, listed in held.items():
        title = speaker.text(f"mydata.table.{name.replace('.', '_')}", {})
        lines = [_line(facts) for facts in listed]
        parts.append("\n".join([f"【{title}】", *lines]))
    return "\n\n".join(parts) + "\n"


def _line(facts: Mapping[str, Any]) -> str:
    told = [f"{name}: {value}" for name, value in facts.items() if value not in (None, "")]
    return "· " + "; ".join(told)


@press("mydataask", may=Ability.ASK)
async def ask_erase(ask: Ask) -> Reply:
    """Say what goes and what stays, before anything does."""
    await _check_free(ask)
    yes = button(erase, "button.mydata_erase", yes=1)
    no = button(erase, "button.mydata_keep", yes=0)
    return Reply("mydata.erase_asked", {}, ((no,), (yes,)), is_private=True)


@press("mydatadel", may=Ability.ASK)
async def erase(ask: Ask, yes: Flag) -> Reply:
    """Delete what is mine; what is counted stays under a number that has no name."""
    if not yes:
        return Reply("mydata.kept")
    await _check_free(ask)
    speaker = ask.tell.speaker(None)
    await ask.unit.mydata.erase(ask.actor.id, speaker.text("mydata.gone", {}), ask.now)
    ask.unit.people.changed(ask.actor.id)
    return Reply("mydata.erased")


async def _check_free(ask: Ask) -> None:
    """Nobody vanishes out of an office, or with somebody's lamp in hand."""
    offices = {g.role for g in ask.actor.grants if g.role is not Role.RESIDENT}
    if offices:
        raise Refusal("mydata_office", role=min(offices))
    numbers = await ask.unit.mydata.unfinished(ask.actor.id)
    if numbers:
        raise Refusal("mydata_unfinished", label=f"报{numbers[0]}")
