"""Terminal 终端: what the operator reads, in the words of ``texts/``."""

import os
from zoneinfo import ZoneInfo

from bot.settings_file import Mistake, SettingsWrong
from handlers.messages import Words
from handlers.wording import DEFAULT, Speaker, has
from storage.faults import StorageFault


def language() -> str:
    """The operator's language as long as the settings are not read."""
    return os.environ.get("MULIN_LANGUAGE") or DEFAULT


class Terminal:
    """Speaks to the operator in one language."""

    def __init__(self, lang: str | None = None) -> None:
        self._speaker = Speaker(lang or language(), ZoneInfo("UTC"))

    def words(self, key: str, /, **facts: object) -> str:
        """The words under ``key``."""
        return self._speaker.text(key, facts)

    def said(self, words: Words) -> str:
        """Words with their facts."""
        return self._speaker.say(words)

    def fault(self, fault: StorageFault) -> str:
        """One sentence for what is wrong with the database."""
        return self.words(f"fault.{fault.fault}", where=fault.where, detail=fault.detail)

    def mistakes(self, wrong: SettingsWrong) -> str:
        """All mistakes of the settings, one a line."""
        lines = [self.words("setting.head", count=len(wrong.mistakes))]
        lines += [f"  {self._mistake(mistake, str(wrong.path))}" for mistake in wrong.mistakes]
        return "\n".join(lines)

    def _mistake(self, mistake: Mistake, file: str) -> str:
        facts = dict(mistake.facts)
        if guess := facts.get("guess"):
            facts["guess"] = self.words("setting.guess", guess=guess)
        kind = f"setting.{mistake.kind}"
        problem = self.words(kind if has(kind) else "setting.wrong", **facts).replace("\n", " ")
        if mistake.variable:
            return self.words("setting.in_variable", key=mistake.key, problem=problem)
        key, line = mistake.key, mistake.line
        return self.words("setting.in_file", file=file, line=line, key=key, problem=problem)
