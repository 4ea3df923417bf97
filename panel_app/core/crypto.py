"""Sealing contact details: each person has a key of their own, so erasing is forgetting a key."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from panel_app.core.errors import Conflict
from panel_app.core.text import _, gettext

_NONCE = 12


class Erased(dict[str, Any]):
    """What a sealed row opens to once its key is forgotten: "erased", whatever is asked of it.

    It is empty, so what lists all that is kept lists nothing.
    """

    def __missing__(self, key: str) -> str:
        return str(gettext("erased"))

    def get(self, key: str, default: Any = None) -> Any:
        """Return the word, in the reader's language, whatever the default."""
        return self[key]


def master_key(purpose: str) -> bytes:
    """Return a 256-bit key for `purpose`, derived from the deployment's secret."""
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), f"panel-app:{purpose}".encode(), hashlib.sha256)


def new_person_key() -> bytes:
    """Return a new key for one person's details, wrapped by the deployment's key."""
    return _encrypt(master_key("person"), AESGCM.generate_key(256))


def new_key(purpose: str) -> bytes:
    """Return a new key for things of one purpose, wrapped by that purpose's own key."""
    return _encrypt(master_key(purpose), AESGCM.generate_key(256))


def seal_for(purpose: str, details: dict[str, Any], key: bytes) -> bytes:
    """Encrypt `details` under a key of `new_key`."""
    return _encrypt(_decrypt(master_key(purpose), key), json.dumps(details).encode())


def unseal_for(purpose: str, sealed: bytes, key: bytes) -> dict[str, Any]:
    """Return what `seal_for` was given. Raises InvalidTag where either was altered."""
    opened: dict[str, Any] = json.loads(_decrypt(_decrypt(master_key(purpose), key), sealed))
    return opened


def seal(details: dict[str, Any], person_key: bytes) -> bytes:
    """Encrypt `details` for one person (AES-256-GCM). Raises Conflict once the key is forgotten."""
    if not person_key:
        raise Conflict(_("This was erased on request."))
    plain = json.dumps(details, ensure_ascii=False).encode()
    return _encrypt(_unwrap(person_key), plain)


def unseal(sealed: bytes, person_key: bytes) -> dict[str, Any]:
    """Return what `seal` was given, or Erased where the key is forgotten.

    Raises InvalidTag where either was altered.
    """
    if not person_key:
        return Erased()
    opened: dict[str, Any] = json.loads(_decrypt(_unwrap(person_key), sealed))
    return opened


def seal_bytes(content: bytes, person_key: bytes) -> bytes:
    """Encrypt a file for one person (AES-256-GCM)."""
    return _encrypt(_unwrap(person_key), content)


def unseal_bytes(sealed: bytes, person_key: bytes) -> bytes:
    """Return what `seal_bytes` was given. Raises InvalidTag where either was altered."""
    return _decrypt(_unwrap(person_key), sealed)


def blind_index(value: str, purpose: str) -> str:
    """Return a keyed hash that finds equal values without showing them."""
    folded = " ".join(value.casefold().split())
    return hmac.new(master_key(purpose), folded.encode(), hashlib.sha256).hexdigest()


def _unwrap(person_key: bytes) -> bytes:
    return _decrypt(master_key("person"), person_key)


def _encrypt(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _decrypt(key: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
