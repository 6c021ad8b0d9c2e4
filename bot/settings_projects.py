"""Settings of projects 微创投设置: how much money one of them may ask for."""

from pydantic import Field

from bot.settings_section import Section
from domain.money import MOST_FEN
from domain.projects import MOST_ASKED_FEN


class ProjectsSection(Section):
    """微创投：邻居自己办的小项目。 Small funded projects of neighbours."""

    most_asked_yuan: int = Field(
        default=MOST_ASKED_FEN // 100,
        ge=1,
        le=MOST_FEN // 100,
        description="一个项目最多申请多少元；改了以后，新的申请照新的办。\n"
        "What one project may ask for, in yuan; from the next one on.",
    )
