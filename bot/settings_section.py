"""Settings section 设置的一节: what all sections of the settings have in common."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


def wrong(kind: str, **facts: Any) -> PydanticCustomError:
    """A mistake in a value; ``kind`` names its words under ``setting`` in ``texts/``."""
    return PydanticCustomError(kind, kind, facts or None)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise wrong("address")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Section(BaseModel):
    """One ``[section]``; a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
