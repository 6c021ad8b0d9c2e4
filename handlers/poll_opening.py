"""Opening a poll 发起投票: in one line or asked step by step, read back before it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from domain import polls as rules
from domain.moment_search import moment_in
from domain.moments import Moment, Question, moment_of
from domain.people import Ability
from domain.polls import Manner, Poll, VoterKind
from domain.refusal import Refusal
from domain.text import quotes_kept, requoted, shortened
from handlers.ask import CANCEL_ROW, CONFIRMED, Ask
from handlers.asked import not_asked
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.moments import ended, setting_of
from handlers.poll_card import manner_words
from handlers.poll_deadlines import set_deadlines
from handlers.poll_kinds import Letters, PollQuestion
from handlers.registry import button, command, press

ANONYMOUS: Final = "a"
SEVERAL: Final = "s"
BY_HOUSEHOLD: Final = "h"
_MANNER_WORDS: Final = {
    "匿名": ANONYMOUS,
    "多选": SEVERAL,
    "每户": BY_HOUSEHOLD,
    "按户": BY_HOUSEHOLD,
}
"""Words of the question that say how it is voted."""


@command("投票", "poll", may=Ability.OPEN_POLL, section="polls")
async def poll(
    ask: Ask,
    question: PollQuestion,
    options: FreeText,
    closes: FreeText | None = None,
    place: Id | None = None,
) -> Reply:
    """Prepare a poll; nothing is fixed before its date has been read back."""
    await _stand_at(ask, place)
    said = _said(ask, question, options, closes)
    if said.answer is None and closes:
        raise Refusal("no_moment", text=Typed(shortened(closes, 20)))
    listed = rules.split_options(said.options)
    known = {"question": question, "options": options, "place": place}
    if said.answer is None:
        return await ask.question(poll, known, "closes", Words("ask.poll.closes"))
    closes_at = await ended(ask, poll, said.answer, known, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    rules.checked_close(closes_at, ask.now)
    return await _read_back(ask, _Sketch(said.question, listed, closes_at, said.letters, place))


async def _stand_at(ask: Ask, place: int | None) -> None:
    """Let it be about ``place`` where one was chosen: what is asked may concern one building."""
    for found in await ask.unit.places.several([place]) if place else ():
        if ask.actor.can(Ability.OPEN_POLL, at=found.path):
            await ask.stand_at(found)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line says of a poll: its time may stand behind the options or in the question."""

    question: str
    options: str
    answer: Moment | Question | None
    letters: str


def _said(ask: Ask, question: str, options: str, closes: str | None) -> _Said:
    setting = setting_of(ask)
    words = question.split()
    letters = _agreeing(_MANNER_WORDS[word] for word in words if word in _MANNER_WORDS)
    asked = " ".join(word for word in words if word not in _MANNER_WORDS)
    if closes:
        return _Said(asked, options, moment_of(closes, setting), letters)
    bare, quoted = quotes_kept(options)
    behind = moment_in(bare, setting)
    if behind is not None:
        return _Said(asked, requoted(behind.rest, quoted), behind.answer, letters)
    before = moment_in(asked, setting)
    if before is not None and before.rest:
        return _Said(before.rest, options, before.answer, letters)
    return _Said(asked, options, None, letters)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A poll that is not open yet, as its draft keeps it; ``letters`` say how it is voted."""

    question: str
    options: tuple[str, ...]
    closes_at: datetime
    letters: str
    place: int | None = None

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> "_Sketch":
        """What ``args`` kept."""
        options = tuple(args["options"].split("\n"))
        closes_at = datetime.fromisoformat(args["closes"])
        return cls(args["question"], options, closes_at, args["manner"], args.get("place"))

    def args(self) -> dict[str, Any]:
        """Arguments of ``open_poll``."""
        return {
            "question": self.question,
            "options": "\n".join(self.options),
            "closes": self.closes_at.isoformat(),
            "manner": self.letters,
            "place": self.place,
        }


async def _read_back(ask: Ask, sketch: _Sketch) -> Reply:
    """Say back question, options, manner and date, with one tap for each thing to change."""
    yes = await ask.confirm(open_poll, sketch.args())
    facts = {
        "question": Typed(sketch.question),
        "options": [Words("poll.option_line", {"option": Typed(o)}) for o in sketch.options],
        "manner": manner_words(_manner(sketch.letters, len(sketch.options))),
        "at": sketch.closes_at,
        "place": ask.here.name,
    }
    return Reply("poll.read_back", facts, ((yes,), _manner_row(sketch.letters), CANCEL_ROW))


def _manner_row(letters: str) -> Row:
    """A switch for each thing that can still be chosen."""
    offered = (
        [ANONYMOUS, BY_HOUSEHOLD] if ANONYMOUS in letters else [ANONYMOUS, SEVERAL, BY_HOUSEHOLD]
    )
    return tuple(
        button(
            change_manner,
            f"button.poll_{letter}_{'off' if letter in letters else 'on'}",
            letter=letter,
        )
        for letter in offered
    )


@press("pollmanner", may=Ability.OPEN_POLL, is_of_question=True)
async def change_manner(ask: Ask, letter: Letters) -> Reply:
    """Flip one thing of a poll that is not open yet."""
    draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
    if draft is None or draft.command != "pollopen" or draft.asking != CONFIRMED:
        raise await not_asked(ask.unit, ask.chat)
    sketch = _Sketch.of(draft.args)
    await _stand_at(ask, sketch.place)
    letters = _agreeing(set(sketch.letters) ^ {letter})
    return await _read_back(ask, replace(sketch, letters=letters))


def _agreeing(letters: Iterable[str]) -> str:
    """Each letter once; an anonymous vote is final, so that it has one choice only."""
    kept = set(letters)
    return "".join(sorted(kept - {SEVERAL} if ANONYMOUS in kept else kept))


def _manner(letters: str, options: int) -> Manner:
    return Manner(
        most=options if SEVERAL in letters else 1,
        is_anonymous=ANONYMOUS in letters,
        voter=VoterKind.HOUSEHOLD if BY_HOUSEHOLD in letters else VoterKind.PERSON,
    )


@press("pollopen", may=Ability.OPEN_POLL, only_confirmed=True)
async def open_poll(
    ask: Ask,
    question: FreeText,
    options: FreeText,
    closes: FreeText,
    manner: Letters | None = None,
    place: Id | None = None,
) -> None:
    """Open it: one card, with one count, in every group of the place."""
    await _stand_at(ask, place)
    if not ask.actor.can(Ability.OPEN_POLL, at=ask.here.path):
        raise await ask.not_allowed(Words("button.poll"), Ability.OPEN_POLL)
    listed = rules.split_options(options)
    made = Poll(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "poll"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        question=question,
        options=listed,
        manner=_manner(manner or "", len(listed)),
        opened_at=ask.now,
        closes_at=rules.checked_close(datetime.fromisoformat(closes), ask.now),
    )
    made = await ask.unit.polls.add(made)
    await set_deadlines(ask.unit, made)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "poll", made.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(made.path, "poll", made.id, but=ask.chat.id)
