"""Forecasts store 天气预报: what was fetched for each community, and who waits for a newer one."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.outlook import TRY_EVERY, WANTED_FOR, NoForecast, Outlook, Position
from domain.weather import Forecast, Sky, Weather
from storage.statement import Row, Statement, instant, row, rows, stored

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """One community whose forecast is to be fetched now."""

    community_id: int
    position: Position


class Forecasts:
    """Repository of forecasts. ``is_wanted``: this unit asked for one that is to be fetched."""

    def __init__(self, now: datetime, *, is_shared: bool) -> None:
        self._now = now
        self._is_shared = is_shared
        self.is_wanted = False

    async def locate(self, community_id: int, position: Position | None) -> None:
        """Remember where a community lies; what was known of another place is forgotten."""
        if position is None:
            await Statement("delete from forecasts where community_id = ?", community_id)
            return
        known = (await self.outlook(community_id)).position
        if known == position:
            return
        await Statement(
            "insert into forecasts (community_id, latitude, longitude) values (?, ?, ?) "
            "on conflict (community_id) do update set latitude = excluded.latitude, "
            "longitude = excluded.longitude, hours = null, fetched_at = null, wanted_at = null, "
            "tried_at = null, fault = null",
            community_id,
            str(position.latitude),
            str(position.longitude),
        )

    async def outlook(self, community_id: int) -> Outlook:
        """What a community knows of its weather."""
        found = await row("select * from forecasts where community_id = ?", community_id)
        if found is None:
            return Outlook()
        fetched_at, wanted_at = found["fetched_at"], found["wanted_at"]
        return Outlook(
            _position(found),
            _forecast(instant(fetched_at), found["hours"]) if fetched_at else None,
            wanted_at is not None and instant(wanted_at) > self._now - WANTED_FOR,
            NoForecast(found["fault"]) if found["fault"] else None,
        )

    async def want(self, community_id: int) -> Outlook:
        """As ``outlook``; a stale one is asked for, to be there a moment later."""
        found = await self.outlook(community_id)
        if not found.is_stale(self._now):
            return found
        await Statement(
            "update forecasts set wanted_at = ?, fault = case when tried_at > ? then fault "
            "else null end where community_id = ?",
            stored(self._now),
            stored(self._now - TRY_EVERY),
            community_id,
        )
        self.is_wanted = True
        return await self.outlook(community_id)

    async def claim(self) -> list[Wish]:
        """Take all wishes that nobody has tried for lately, in one statement."""
        skip = " for update skip locked" if self._is_shared else ""
        found = await rows(
            "update forecasts set tried_at = ? where community_id in (select community_id "
            "from forecasts where wanted_at > ? and (tried_at is null or tried_at <= ?) "
            f"order by community_id limit 50{skip}) returning *",
            stored(self._now),
            stored(self._now - WANTED_FOR),
            stored(self._now - TRY_EVERY),
        )
        wishes = [Wish(r["community_id"], _position(r)) for r in found]
        return sorted(wishes, key=lambda wish: wish.community_id)

    async def came(self, community_id: int, forecast: Forecast) -> None:
        """Store a forecast; nobody waits for it any more."""
        await Statement(
            "update forecasts set hours = ?, fetched_at = ?, wanted_at = null, tried_at = null, "
            "fault = null where community_id = ?",
            _packed(forecast),
            stored(forecast.fetched_at),
            community_id,
        )

    async def failed(self, community_id: int, fault: NoForecast) -> None:
        """Note why none came; it is tried for again as long as somebody wants it."""
        await Statement(
            "update forecasts set fault = ? where community_id = ?", fault, community_id
        )


def _position(found: Row) -> Position:
    return Position(Decimal(found["latitude"]), Decimal(found["longitude"]))


def _packed(forecast: Forecast) -> str:
    """Hours as JSON: the first one, and for each how many hours later and its five values."""
    hours = forecast.hours
    first = min(hours, default=datetime(2000, 1, 1, tzinfo=UTC))
    values = [
        [(at - first) // _HOUR, w.sky, w.rain_percent, w.rain_tenths_mm, w.wind_kmh, w.celsius]
        for at, w in sorted(hours.items())
    ]
    kept = {"source": forecast.source, "first": stored(first), "hours": values}
    return json.dumps(kept, separators=(",", ":"))


def _forecast(fetched_at: datetime, packed: str) -> Forecast:
    kept = json.loads(packed)
    first = instant(kept["first"])
    hours = {
        first + later * _HOUR: Weather(Sky(sky), *values) for later, sky, *values in kept["hours"]
    }
    return Forecast(fetched_at, hours, kept["source"])
