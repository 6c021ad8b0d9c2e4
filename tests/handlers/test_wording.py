"""Wording 文案: both languages complete, every key used, every message fit for a phone."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.attendance import Answer
from domain.ballots import Way
from domain.clauses import ClauseState
from domain.consents import Consent
from domain.conventions import ConventionState
from domain.days_off import Festival
from domain.decisions import Standing
from domain.evenings import Why
from domain.issues import State, Step
from domain.meetings import MeetingKind, MeetingState
from domain.motions import MotionState, Preset
from domain.notices import NoticeKind
from domain.people import Role
from domain.polls import PollState, VoterKind
from domain.proposal_stages import Stage
from domain.proposals import ProposalState, ProposalStep
from domain.ratings import Rating
from domain.surveys import SurveyState
from domain.verdict import Choice, Demand, Measure
from domain.weather import Sky
from handlers.kinds import ROLE_WORDS, SECTIONS
from handlers.registry import loaded
from handlers.wording import LANGUAGES, texts
from storage.faults import Fault

ROOT = Path(__file__).parent.parent.parent
CODE = [path for folder in ("bot", "web", "handlers") for path in (ROOT / folder).rglob("*.py")]
_TAIL = re.compile(r"say\(key ~ '(\.[a-z_.]+)'")
_SAID = re.compile(r"say\('([a-z_.]+)'( ~)?")
HEADS = {key.partition(".")[0] for key in texts("zh")}
SAID_BY_NAME = (
    Answer,
    Consent,
    State,
    Step,
    Role,
    PollState,
    SurveyState,
    VoterKind,
    MeetingState,
    MeetingKind,
    Festival,
    Sky,
    Why,
    Standing,
    Rating,
    MotionState,
    NoticeKind,
    Preset,
    ProposalState,
    ProposalStep,
    ConventionState,
    ClauseState,
    Stage,
    Choice,
    Way,
    Demand,
    Measure,
)
MAX_LINES = 12
MAX_BUTTON = {"zh": 10, "en": 20}
"""Characters that fit beside a second button on a small phone."""


def facts_of(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def strings_in(path: Path) -> Iterator[str]:
    """Every string of a file; ``{}`` stands where something is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "{}" for p in node.values]
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_called(name: str, node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name


def keys_given() -> Iterator[tuple[str, str]]:
    """File and key of every ``Words``, ``Reply`` and ``Refusal`` whose key is written out."""
    heads = {"Words": "", "Reply": "", "Refusal": "refusal.", "Misread": "refusal."}
    for path in (
        CODE + list((ROOT / "domain").rglob("*.py")) + list((ROOT / "storage").rglob("*.py"))
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            chosen = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for name, head in heads.items():
                for part in chosen if is_called(name, node) else ():
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path.name, f"{head}{part.value}"


def keys_used() -> set[str]:
    """Keys that the code can say: written out, or matched by a key with something filled in."""
    written = {text for path in CODE for text in strings_in(path)} | keys_of_pages()
    written |= {key for _, key in keys_given()} | {f"fault.{fault}" for fault in Fault}
    written |= {f"{kind.__name__.lower()}.{one}" for kind in SAID_BY_NAME for one in kind}
    filled = [text for text in written if "{}" in text and text.split(".")[0] in HEADS]
    return {
        key for key in texts("zh") if key in written or any(_fits(key, text) for text in filled)
    }


def keys_of_pages() -> set[str]:
    """Keys in the web pages' templates: ``say('skip')``, ``say('tab.' ~ x)``, ``say(x ~ '.y')``."""
    pages = [path.read_text("utf-8") for path in (ROOT / "web").rglob("*.html")]
    found = [pair for page in pages for pair in _SAID.findall(page)]
    tails = {tail for page in pages for tail in _TAIL.findall(page)}
    return {f"web.{key}{'{}' if more else ''}" for key, more in found} | {
        f"web.{{}}{tail}" for tail in tails
    }


def _fits(key: str, pattern: str) -> bool:
    parts = [re.escape(part) for part in pattern.split("{}")]
    return re.fullmatch("[^.]+".join(parts), key) is not None


def test_both_languages_say_the_same_things() -> None:
    assert set(texts("zh")) == set(texts("en"))


def test_both_languages_fill_in_the_same_facts() -> None:
    zh, en = ({k: facts_of(v) for k, v in texts(lang).items()} for lang in ("zh", "en"))

    assert zh | {"word": en["word"]} == en


def test_every_key_that_is_said_has_words() -> None:
    assert [(file, key) for file, key in keys_given() if key not in texts("zh")] == []


def test_no_words_are_left_over() -> None:
    assert sorted(set(texts("zh")) - keys_used()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_says_how_it_is_said(lang: str) -> None:
    for command in loaded().typed():
        usage = texts(lang)[f"help.{command.code}.usage"]

        assert usage.startswith(command.words[0] if lang == "zh" else command.code)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_step_and_role_has_words(lang: str) -> None:
    for kind in (State, Step, Role):
        for one in kind:
            assert texts(lang)[f"{kind.__name__.lower()}.{one}"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_that_is_a_button_has_a_label(lang: str) -> None:
    of_meetings = {Step.DISCUSS, Step.AGREE, Step.REVOKE, Step.POSTPONE}
    for step in set(Step) - {Step.REPORT, Step.AMEND, Step.EXPIRE} - of_meetings:
        assert texts(lang)[f"button.{step}"]


def test_every_role_can_be_typed_and_is_offered() -> None:
    assert set(ROLE_WORDS.values()) == set(Role)
    assert all(word in texts("zh")["refusal.role_unknown"] for word in set(ROLE_WORDS) - {"楼组长"})
    assert all(role in texts("en")["refusal.role_unknown"] for role in Role)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_are_short(lang: str) -> None:
    labels = {
        k: v for k, v in texts(lang).items() if k.startswith(("button.", "yes.", "help.sections."))
    }

    assert {k: v for k, v in labels.items() if len(v) > MAX_BUTTON[lang]} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_fit_on_a_phone(lang: str) -> None:
    for key, words in texts(lang).items():
        assert len(words.split("\n")) <= MAX_LINES, key


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_of_help_fits_on_a_phone(lang: str, section: str) -> None:
    usages = [texts(lang)[f"help.{c.code}.usage"] for c in loaded().typed() if c.section == section]

    assert len(usages) + 1 <= MAX_LINES
    assert max(map(len, usages)) <= 64


def test_nobody_is_shown_markup_or_jargon() -> None:
    for lang in LANGUAGES:
        for key, words in texts(lang).items():
            if not key.startswith(("setting.", "fault.", "check.")):
                assert not any(mark in words for mark in ("<", "**", "`", "http")), key
