-- Pictures by what shows them, whose they are and how old; without it all their bytes are read.

create index issue_photos_by_photo on issue_photos (photo_id);
create index photos_by_age on photos (at, person_id);
create index photos_by_person on photos (person_id);
create index photos_to_expire on photos (expires_at) where expires_at is not null;
