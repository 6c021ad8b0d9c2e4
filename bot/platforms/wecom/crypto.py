"""Crypto 加解密: AES of WeCom's pictures and of its callbacks, and how these are signed.

Both use AES-256-CBC with the first 16 bytes of the key as IV, padded to multiples of 32 bytes.
"""

import base64
import binascii
import hashlib
import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK: Final = 32
KEY_BYTES: Final = 32
_HEAD: Final = 20
"""16 random bytes and the length of the message, before the message itself."""


class NotOurs(Exception):
    """Not encrypted with our key, not signed with our token, or not meant for us."""


def key_from(text: str) -> bytes:
    """The key of a picture, or the 43 letters of an EncodingAESKey.

    Raises:
        NotOurs: It is no key.
    """
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotOurs("no key") from error
    if len(key) != KEY_BYTES:
        raise NotOurs("no key")
    return key


def encrypted(key: bytes, plain: bytes) -> bytes:
    """``plain`` padded and encrypted."""
    pad = BLOCK - len(plain) % BLOCK
    encryptor = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()


def decrypted(key: bytes, content: bytes) -> bytes:
    """``content`` decrypted, its padding checked and taken away.

    Raises:
        NotOurs: It was not encrypted with this key, or is not whole.
    """
    if not content or len(content) % 16:
        raise NotOurs("not whole")
    decryptor = Cipher(AES256(key), CBC(key[:16])).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise NotOurs("wrong padding")
    return plain[:-pad]


class Envelope:
    """Callbacks as WeCom wraps them.

    Args:
        receive_id: Empty for a bot of one's own organisation.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str = "") -> None:
        self._token = token
        self._key = key_from(aes_key)
        self._receive_id = receive_id.encode()

    def signature(self, timestamp: str, nonce: str, content: str) -> str:
        """What WeCom writes beside a callback, and expects beside an answer."""
        parts = sorted([self._token, timestamp, nonce, content])
        return hashlib.sha1("".join(parts).encode()).hexdigest()

    def opened(self, signature: str, timestamp: str, nonce: str, content: str) -> bytes:
        """What is inside.

        Raises:
            NotOurs: Signature, key or receiver do not fit.
        """
        expected = self.signature(timestamp, nonce, content)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise NotOurs("wrong signature")
        try:
            raw = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotOurs("no base64") from error
        plain = decrypted(self._key, raw)
        length = int.from_bytes(plain[16:_HEAD], "big")
        message, receiver = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
        if len(message) != length or receiver != self._receive_id:
            raise NotOurs("for somebody else")
        return message

    def sealed(self, message: bytes) -> str:
        """A message as it is put into an answer."""
        head = os.urandom(16) + len(message).to_bytes(4, "big")
        whole = head + message + self._receive_id
        return base64.b64encode(encrypted(self._key, whole)).decode()
