"""Settings of WeCom 企业微信设置: the smart robot of one's own organisation."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic import model_validator as whole

from bot.settings_section import Address, Name, Section, wrong

_AES_KEY: Final = re.compile(r"[A-Za-z0-9]{43}")
_SECRET: Final = re.compile(r"\S{1,512}")


def _socket(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.netloc:
        raise wrong("socket")
    return url


def _aes_key(key: SecretStr) -> SecretStr:
    if key.get_secret_value() and not _AES_KEY.fullmatch(key.get_secret_value()):
        raise wrong("aes_key")
    return key


def _webhook(key: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(key.get_secret_value()):
        raise wrong("text")
    return key


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
    mode: Literal["socket", "callback"] = Field(
        default="socket",
        description="socket 长连接，什么都能做；callback 由企业微信送来，没有提醒。\n"
        "socket can do everything; callback cannot push, so there are no reminders.",
    )
    callback_url: Address = Field(
        default="",
        description="callback 时企业微信回调的 https 地址，转到 [web] 的端口。\n"
        "For callback: the https address that leads to the port of [web].",
        examples=["https://mulin.example.org/wecom"],
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        description="callback 时后台的 Token。 For callback: the token.",
        examples=["a-token-of-the-admin-console"],
    )
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)] = Field(
        default=SecretStr(""),
        description="callback 时后台的 EncodingAESKey，43 个字。 For callback: 43 letters.",
        examples=["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
    )
    robots: dict[Name, Annotated[SecretStr, AfterValidator(_webhook)]] = Field(
        default={},
        description="连不上时，通知改由群里的“消息推送”机器人发：地方和它的 Webhook 地址。\n"
        "Spare way for notices without a connection: a group's place and its webhook address.",
        examples=[{"3号楼": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=..."}],
    )

    def secrets(self) -> list[str]:
        """All values that must never be printed."""
        found = [self.secret, self.token, self.aes_key, *self.robots.values()]
        return [secret.get_secret_value() for secret in found]

    @whole(mode="after")
    def _is_complete(self) -> "WeComSection":
        if self.bot_id and self.mode == "socket" and not self.secret.get_secret_value():
            raise wrong("required", key="secret")
        if self.bot_id and self.mode == "callback":
            for key in ("callback_url", "token", "aes_key"):
                given = getattr(self, key)
                if not (given if isinstance(given, str) else given.get_secret_value()):
                    raise wrong("required", key=key)
        return self
