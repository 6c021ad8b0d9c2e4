"""Metrics 指标: what Prometheus reads; counts and times, never a name or a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.outbox import Delivery
from handlers.router import Handled

disable_created_metrics()  # type: ignore[no-untyped-call]

BUCKETS_S: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits. ``deadline_lag_s`` is how long the earliest due thing is overdue, in seconds;
    ``failed_deadlines`` were tried so often that they are left alone."""

    posts: int
    deadline_lag_s: float
    failed_deadlines: int = 0


class _Posts(Collector):
    """Posts that arrived, and posts that never will."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(
            "mulin_posts", "Messages that left us, by how they ended", labels=["outcome"]
        )
        family.add_metric(["sent"], self._delivery.sent)
        family.add_metric(["failed"], self._delivery.failed)
        yield family


class Meter:
    """Counts what the program does."""

    def __init__(self, delivery: Delivery) -> None:
        self._registry = registry = CollectorRegistry()
        registry.register(_Posts(delivery))
        self._messages = Counter(
            "mulin_messages",
            "Messages and taps, by how they ended and by command",
            ["outcome", "code"],
            registry=registry,
        )
        self._units = Counter(
            "mulin_units", "Units of work, by what began them", ["kind"], registry=registry
        )
        self._seconds = Histogram(
            "mulin_receive_seconds",
            "Seconds from a message's arrival until it is stored",
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._backlog = Gauge(
            "mulin_outbox_backlog", "Messages that have not arrived yet", registry=registry
        )
        self._lag = Gauge(
            "mulin_deadline_lag_seconds", "How overdue the earliest deadline is", registry=registry
        )
        self._failed = Gauge(
            "mulin_deadlines_failed", "Deadlines that could not be done", registry=registry
        )
        self._up = Gauge(
            "mulin_platform_up", "Whether a platform is fine", ["platform"], registry=registry
        )

    def observe(self, kind: str, handled: Handled, seconds: float | None) -> None:
        """Count one unit: ``message``, ``event``, ``deadline`` or ``forecast``."""
        self._units.labels(kind).inc()
        if kind == "message":
            self._messages.labels(handled.outcome, handled.code).inc()
        if seconds is not None:
            self._seconds.observe(seconds)

    def exposed(self, backlog: Backlog, states: dict[str, str]) -> bytes:
        """Everything, in the format that Prometheus reads."""
        self._backlog.set(backlog.posts)
        self._lag.set(backlog.deadline_lag_s)
        self._failed.set(backlog.failed_deadlines)
        for platform, state in states.items():
            self._up.labels(platform).set(state == "ok")
        return generate_latest(self._registry)
