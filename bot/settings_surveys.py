"""Settings of surveys 征询设置: which shares of agreeing households are told."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.settings_section import Section, wrong
from domain.refusal import Refusal
from domain.surveys import share_of


def _milestone(text: str) -> str:
    try:
        share_of(text)
    except Refusal as refusal:
        raise wrong("share") from refusal
    return text


class SurveysSection(Section):
    """入户征询。 Consent surveys."""

    milestones: list[Annotated[str, AfterValidator(_milestone)]] = Field(
        default=["2/3", "90%", "95%", "100%"],
        max_length=10,
        description="多少户同意时，在群里说一声；每个只说一次。空着就不说。\n"
        "Shares of all households that agree at which the groups are told, each once.",
    )
