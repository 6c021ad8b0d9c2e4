"""Settings of WeCom 企业微信设置: the smart robot of one's own organisation."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic import model_validator as whole

from bot.settings_section import Section, wrong


def _socket(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.netloc:
        raise wrong("socket")
    return url


class WeComSection(Section):
    """企业微信智能机器人；没有 bot_id 就不启用。只能进内部群。 WeCom; off without a bot_id."""

    bot_id: str = Field(
        default="",
        description="后台 → 安全与管理 → 管理工具 → 智能机器人 → API 模式 → 长连接，Bot ID。\n"
        "From the admin console: smart robot, API mode, long connection.",
        examples=["aibXXXXXXXXXXXXXXXX"],
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="同一页的 Secret；最好放在环境变量 MULIN_WECOM__SECRET 里。\n"
        "Beside it; better kept in the variable MULIN_WECOM__SECRET.",
        examples=["the-secret-of-the-long-connection"],
    )
    bot_name: str = Field(
        default="",
        max_length=60,
        description="机器人在群里的名字，居民 @ 的就是它。 The robot's name, which people mention.",
        examples=["睦邻助手"],
    )
    ws_url: Annotated[str, AfterValidator(_socket)] = Field(
        default="wss://openws.work.weixin.qq.com",
        description="长连接的地址；私有部署时照后台写的改。\n"
        "Of the long connection; another one for a private deployment.",
    )
    cards: bool = Field(
        default=True,
        description="按钮用卡片；群里看不到卡片时写 false，改为回复数字。\n"
        "Buttons as cards; false where a group does not show them: numbers then answer.",
    )
    per_minute: int = Field(
        default=28,
        ge=5,
        le=1000,
        description="每个会话每分钟最多发几条；企业微信的上限是 30。\n"
        "Messages into one chat in a minute; WeCom takes 30.",
    )
    per_hour: int = Field(
        default=980,
        ge=50,
        le=100000,
        description="每个会话每小时最多发几条；上限是 1000。 And in an hour; WeCom takes 1,000.",
    )

    def secrets(self) -> list[str]:
        """All values that must never be printed."""
        return [self.secret.get_secret_value()]

    @whole(mode="after")
    def _is_complete(self) -> "WeComSection":
        if self.bot_id and not self.secret.get_secret_value():
            raise wrong("required", key="secret")
        return self
