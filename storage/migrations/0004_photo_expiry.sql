-- Pictures that lose their meaning at an instant, such as the QR code of an invitation.

alter table photos add column expires_at text;
