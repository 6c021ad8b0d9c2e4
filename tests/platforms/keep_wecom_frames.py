"""Keeps what Tencent's client sends in the scenario; after a new version of it::

python -m tests.platforms.keep_wecom_frames
"""

import asyncio
import json
import tempfile
from pathlib import Path

from bot.clock import HeldClock
from tests.conftest import NOON
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom
from tests.platforms.node_peer import Peer
from tests.platforms.wecom_scenario import GOLDEN, Tencents, ours, played


async def main() -> None:
    """Play the scenario with ours, to know what to say, and then with Tencent's client."""
    fake = FakeWeCom()
    await fake.start()
    with tempfile.TemporaryDirectory() as folder:
        frames = await ours(fake, Path(folder), HeldClock(NOON))
    peer = await Peer.run("drive.mjs", fake.url, BOT_ID, SECRET)
    await peer.event("authenticated")
    kept = await played(fake, Tencents(peer, frames))
    await peer.stop()
    await fake.stop()
    GOLDEN.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
