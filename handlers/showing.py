"""Showing 显示: a reply in the words of one reader, and what its buttons call."""

import msgspec

from handlers.messages import (
    NOT_FOR_US,
    OPEN_PRIVATE,
    BallotPaper,
    Form,
    Reply,
    Shown,
)
from handlers.wording import Speaker
from storage.menus import menu_entry


def shown(reply: Reply, speaker: Speaker, *, asks: bool = False) -> Shown:
    """``reply`` in the words of one reader."""
    buttons = [
        [[speaker.say(b.label), OPEN_PRIVATE if b.opens_private else b.call] for b in line]
        for line in reply.buttons
    ]
    form = _form(reply.paper, speaker) if reply.paper else None
    return Shown(
        speaker.say(reply.words),
        buttons,
        reply.photo_id,
        asks,
        chart=reply.chart,
        document=reply.document,
        once=reply.is_once,
        fleeting=speaker.text("erased", {}) if reply.is_fleeting else "",
        qr=reply.qr,
        printout=reply.printout,
        form=form,
    )


def _form(paper: BallotPaper, speaker: Speaker) -> Form:
    return msgspec.structs.replace(paper.form, note=speaker.say(paper.note))


def calls_of(message: Shown) -> list[str]:
    """A message's buttons as a menu keeps them, in the order of their numbers."""
    return [
        menu_entry(call, label)
        for line in message.buttons
        for label, call in line
        if call not in NOT_FOR_US
    ]
