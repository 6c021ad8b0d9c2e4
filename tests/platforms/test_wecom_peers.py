"""Tencent's own packages against the fake and against ours: the same frames, the same ciphers."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import HeldClock
from bot.platforms.wecom.crypto import Envelope, NotOurs
from bot.platforms.wecom.media import Fetcher
from bot.platforms.wecom.wire import Media
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom
from tests.platforms.node_peer import NEEDS_NODE, Peer
from tests.platforms.wecom_scenario import GOLDEN, PICTURE, Tencents, ours, played

WORDS = {"content": "x"}
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeCom]:
    server = FakeWeCom()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


@pytest.fixture
async def peer(fake: FakeWeCom) -> AsyncIterator[Peer]:
    found = await Peer.run("drive.mjs", fake.url, BOT_ID, SECRET)
    await found.event("authenticated")
    yield found
    await found.stop()


async def test_our_frames_are_those_of_tencents_client(
    fake: FakeWeCom, tmp_path: Path, clock: HeldClock
) -> None:
    assert await ours(fake, tmp_path, clock) == json.loads(GOLDEN.read_text("utf-8"))
    assert fake.refusals == {}


@NEEDS_NODE
async def test_tencents_client_sends_the_frames_that_are_kept(fake: FakeWeCom, peer: Peer) -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    frames = await played(fake, Tencents(peer, list(golden)))

    assert frames == golden
    assert fake.refusals == {}


@NEEDS_NODE
@pytest.mark.parametrize(
    ("step", "args", "code"),
    [
        ("stream", {"frame": {"headers": {"req_id": "REQ0"}}, "id": "s", "content": "x"}, 846605),
        ("send", {"chatid": "G1", "body": {"msgtype": "text", "text": WORDS}}, 40008),
        ("send", {"chatid": "G9", "body": {"msgtype": "markdown", "markdown": WORDS}}, 93006),
    ],
)
async def test_tencents_client_is_refused_as_documented(
    fake: FakeWeCom, peer: Peer, step: str, args: dict[str, Any], code: int
) -> None:
    fake.spoken.add("G1")
    if step == "send":
        args = args | {"body": args["body"] | {"chat_type": 2}}
    told = await peer.does(step, **args)

    assert "result" not in told
    assert fake.refusals == {code: 1}


@NEEDS_NODE
async def test_tencents_client_may_not_use_a_task_twice(fake: FakeWeCom, peer: Peer) -> None:
    fake.spoken.add("G1")
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "报1"},
        "button_list": [{"text": "附议", "key": "second:1.1"}],
        "task_id": "same",
    }
    body = {"chat_type": 2, "msgtype": "template_card", "template_card": card}
    first = await peer.does("send", chatid="G1", body=body)
    second = await peer.does("send", chatid="G1", body=body)

    assert ("result" in first, "result" in second) == (True, False)
    assert fake.refusals == {42014: 1}


@NEEDS_NODE
async def test_tencents_client_with_a_wrong_secret_is_refused(fake: FakeWeCom) -> None:
    peer = await Peer.run("drive.mjs", fake.url, BOT_ID, "wrong")
    told = await peer.event("error")
    await peer.stop()

    assert told["words"] != ""
    assert fake.socket is None


@NEEDS_NODE
@pytest.mark.parametrize("code", [0, 1000, 1001])
async def test_tencents_client_comes_back_as_ours_does(
    fake: FakeWeCom, peer: Peer, code: int
) -> None:
    if code:
        await fake.close(code)
    else:
        fake.abort()
    await peer.event("authenticated")

    assert len(fake.subscribes) == 2


@NEEDS_NODE
async def test_tencents_client_does_not_come_back_when_it_was_kicked(
    fake: FakeWeCom, peer: Peer
) -> None:
    other = await Peer.run("drive.mjs", fake.url, BOT_ID, SECRET)
    await other.event("authenticated")
    told = await peer.event("event")
    await other.stop()

    assert told["frame"]["body"]["event"]["eventtype"] == "disconnected_event"
    assert len(fake.subscribes) == 2


@NEEDS_NODE
async def test_tencents_client_and_ours_fetch_the_same_file(fake: FakeWeCom, peer: Peer) -> None:
    media = fake.stored(PICTURE, "公告.pdf")
    fetcher = Fetcher()
    content, name = await fetcher.fetched(Media(**media))
    await fetcher.close()
    told = (await peer.does("download", url=media["url"], aeskey=media["aeskey"]))["result"]

    assert (content, name) == (PICTURE, "公告.pdf")
    assert (base64.b64decode(told["content"]), told["filename"]) == (PICTURE, "公告.pdf")


@NEEDS_NODE
async def test_two_hundred_messages_are_read_both_ways() -> None:
    peer = await Peer.run("crypto.mjs")
    envelope = Envelope("QDG6eK", KEY)
    for number in range(200):
        message = f"第{number}条 " + "字x🙂"[number % 3] * (number * 7 % 301)
        content = await peer.tells({"do": "encrypt", "key": KEY, "message": message, "id": ""})
        at = {"token": "QDG6eK", "timestamp": str(number), "nonce": "n"}
        signature = await peer.tells({"do": "sign", **at, "content": content})
        assert envelope.opened(signature, str(number), "n", content).decode() == message
        sealed = envelope.sealed(message.encode())
        assert await peer.tells({"do": "decrypt", "key": KEY, "content": sealed}) == message
    await peer.stop()


def test_the_vector_of_tencents_sample() -> None:
    envelope = Envelope(
        "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
    )
    echo = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"

    assert envelope.opened(signature, "1409659589", "263014780", echo) == b"1616140317555161061"


@pytest.mark.parametrize("spoilt", ["signature", "receiver", "cut", "base64", "key"])
def test_what_is_not_meant_for_us_is_rejected(spoilt: str) -> None:
    ours, other = Envelope("t", KEY), Envelope("t", KEY, "somebody")
    theirs = Envelope("t", KEY[::-1])
    content = {"receiver": other, "key": theirs}.get(spoilt, ours).sealed(b"x" * 100)
    content = {"cut": content[:-24], "base64": "%%"}.get(spoilt, content)
    signature = "0" * 40 if spoilt == "signature" else ours.signature("1", "n", content)
    with pytest.raises(NotOurs):
        ours.opened(signature, "1", "n", content)
