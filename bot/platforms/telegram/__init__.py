"""Telegram 平台: groups and private chats through the Bot API; only this package imports it."""

from bot.platforms.telegram.library import LIBRARY
from bot.platforms.telegram.platform import API_URL, TelegramPlatform

__all__ = ["API_URL", "LIBRARY", "TelegramPlatform"]
