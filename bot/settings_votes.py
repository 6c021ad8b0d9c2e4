"""Settings of owners' votes 业主表决的设置."""

from pydantic import Field

from bot.settings_section import Section
from domain.motions import LEAST_HOLD_DAYS, USUAL_HOLD_DAYS, Preset


class VotesSection(Section):
    """业主表决的规矩；改了以后，新发起的表决照新的办。 Owners' votes, from the next one on."""

    binding: list[Preset] = Field(
        default=[],
        description="哪些规则的表决有约束力；不写的都是意见征询，并写在每张票上。\n"
        "Rules whose result binds; all others are advisory and say so on every ballot.\n"
        '"ordinary" | "special" | "lift" | "lift_all" | "residents"',
        examples=[["ordinary", "special"]],
    )
    notice_days: int = Field(
        default=0,
        ge=0,
        le=90,
        description="开始投票前公示几天；0 就按每种规则自己的（多数 15 天）。\n"
        "Days of notice before voting begins; 0: each rule's own, mostly 15.",
    )
    publicity_days: int = Field(
        default=0,
        ge=0,
        le=90,
        description="结果公示几天；0 就按每种规则自己的（多数 7 天）。\n"
        "Days for which the result is published; 0: each rule's own, mostly 7.",
    )
    proxies: int = Field(
        default=3,
        ge=0,
        le=20,
        description="一个人最多受几位业主委托。 Owners for whom one person may be proxy.",
    )
    fewest_secret: int = Field(
        default=5,
        ge=2,
        le=100,
        description="不记名的票少于几张就不开票，免得猜出是谁。\n"
        "Fewer secret ballots than that stay unopened, so that nobody can be guessed.",
    )
    names_days: int = Field(
        default=USUAL_HOLD_DAYS,
        ge=LEAST_HOLD_DAYS,
        le=36_525,
        description="结果定了以后，票上的姓名和门牌再留几天（以前的表决也照这个）；\n"
        "到期自动去掉，票数和结论还能核对。\n"
        "Days for which names and doors stay on ballots once the result is final; then they are\n"
        "taken out, and the count can still be checked.",
    )
