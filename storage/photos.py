"""Photos store 照片: pictures without EXIF and files, in the database: one backup holds all."""

from dataclasses import dataclass
from datetime import datetime

from storage.statement import inserted, row, stored, stored_or_none


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """The bytes of a picture, or of a file to be downloaded, and their media type."""

    @property
    def is_picture(self) -> bool:
        """Whether it is looked at where it stands."""
        return self.mime.startswith("image/")

    mime: str
    content: bytes


class Photos:
    """Repository of pictures."""

    async def add(
        self,
        photo: StoredPhoto,
        *,
        community_id: int | None,
        person_id: int | None,
        now: datetime,
        until: datetime | None = None,
    ) -> int:
        """Store a picture, at most ``until`` then; its id."""
        return await inserted(
            "insert into photos (community_id, person_id, mime, bytes, at, expires_at) "
            "values (?, ?, ?, ?, ?, ?)",
            community_id,
            person_id,
            photo.mime,
            photo.content,
            stored(now),
            stored_or_none(until),
        )

    async def get(self, photo_id: int) -> StoredPhoto | None:
        """A picture, or None."""
        found = await row("select mime, bytes from photos where id = ?", photo_id)
        return StoredPhoto(found["mime"], bytes(found["bytes"])) if found is not None else None
