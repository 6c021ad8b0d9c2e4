"""Fixtures for chaos: the fake Bot API, without limits."""

from tests.platforms.conftest import fake

__all__ = ["fake"]
