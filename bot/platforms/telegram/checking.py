"""Checking 检查: what ``python -m bot check`` tells about Telegram."""

from telegram.error import InvalidToken, TelegramError

from bot.platforms.base import Finding
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.wire import Me, WebhookInfo


async def findings(api: Api, mode: str, webhook_url: str) -> list[Finding]:
    """Token, groups, privacy mode and the way updates arrive."""
    try:
        me = await api.call("getMe", Me)
        hook = await api.call("getWebhookInfo", WebhookInfo)
    except InvalidToken:
        return [Finding("telegram.check.token_refused", False)]
    except TelegramError as error:
        return [Finding("telegram.check.unreachable", False, {"error": type(error).__name__})]
    name = {"name": f"@{me.username}"}
    found = [Finding("telegram.check.token", True, name)]
    if not me.can_join_groups:
        found.append(Finding("telegram.check.no_groups", False, name))
    reads_all = me.can_read_all_group_messages
    found.append(Finding(f"telegram.check.privacy_{'off' if reads_all else 'on'}", reads_all, name))
    return [*found, _arrival(mode, webhook_url, hook)]


def _arrival(mode: str, webhook_url: str, hook: WebhookInfo) -> Finding:
    facts = {"waiting": hook.pending_update_count, "error": hook.last_error_message}
    if mode == "polling":
        # A webhook that is still set is taken away at the next start.
        return Finding("telegram.check.polling", True, facts)
    if hook.url != webhook_url:
        return Finding("telegram.check.webhook_unset", True, facts)
    is_ok = not hook.last_error_message
    return Finding(f"telegram.check.webhook_{'ok' if is_ok else 'failing'}", is_ok, facts)
