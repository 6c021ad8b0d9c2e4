"""Refusals 谢绝: what a rule says to a person instead of an answer."""


class Refusal(Exception):
    """A polite no. ``key`` names the words in ``texts/`` under ``refusal``, ``facts`` fill them.

    Raised by rules, parsers and repositories; the router rolls the unit back and answers with it.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts
