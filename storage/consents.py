"""Consents store 同意: given with the tap that joins, withdrawn with one as well."""

from collections.abc import Sequence
from datetime import datetime

from domain.consents import Consent
from storage.statement import Statement, instant, rows, stored


class Consents:
    """Repository of what people agreed to."""

    async def give(self, person_id: int, kinds: Sequence[Consent], now: datetime) -> None:
        """Note what somebody agrees to; what they agreed to before stays as it is."""
        known = await self.given(person_id)
        for kind in kinds:
            if kind not in known:
                await Statement(
                    "insert into consents (person_id, kind, given_at) values (?, ?, ?)",
                    person_id,
                    kind,
                    stored(now),
                )

    async def given(self, person_id: int) -> dict[Consent, datetime]:
        """What somebody agrees to now, and since when."""
        found = await rows(
            "select kind, given_at from consents where person_id = ? and withdrawn_at is null "
            "order by given_at, kind",
            person_id,
        )
        return {Consent(r["kind"]): instant(r["given_at"]) for r in found}
