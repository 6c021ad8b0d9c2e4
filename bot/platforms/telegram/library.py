"""Library 程序库: python-telegram-bot, taken in without what we do not use.

Where ``cryptography`` is installed, which WeCom needs, the library takes it in for Telegram
Passport: some megabytes that a program without WeCom would carry for nothing.
"""

import importlib
import sys
from types import ModuleType
from typing import Final, cast

PASSPORT: Final = "cryptography"


def loaded() -> ModuleType:
    """The library; whoever needs ``cryptography`` finds it afterwards as before."""
    if PASSPORT in sys.modules or "telegram" in sys.modules:
        return importlib.import_module("telegram")
    # None in their place is how modules are declared absent; the table's type does not know it.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules[PASSPORT] = None
    try:
        return importlib.import_module("telegram")
    finally:
        del modules[PASSPORT]


LIBRARY: Final = loaded()
