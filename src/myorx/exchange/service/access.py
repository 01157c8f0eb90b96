"""Who may ask: issuers of CDS Hooks tokens with their keys, and bearer tokens for REST.

Keys are files beside the list; nothing is ever fetched, so a token's ``jku`` is not looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from jwt import PyJWK

ALGORITHMS: Final = (
    *("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"),
)
"""Signatures with a private key only: a shared secret would let us sign for the hospital."""

_LIFE: Final = 3600
"""Seconds; a token that is good for longer is refused, since what was once seen is not kept."""
_LEEWAY: Final = 60
_DIGEST: Final = 64
_CLAIMS: Final = ("iss", "aud", "exp", "iat", "jti")


class AccessError(ValueError):
    """The list of who may ask cannot be used; ``faults`` is everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Access(NamedTuple):
    """Who may ask."""

    issuers: Mapping[str, tuple[Any, ...]]
    """Issuer -> its public keys (``jwt.PyJWK``)."""
    tokens: frozenset[str]
    """SHA-256 of each bearer token, as hexadecimal digits."""

    def bearer(self, token: str) -> bool:
        """Whether this is one of the tokens for REST."""
        found = hashlib.sha256(token.encode()).hexdigest()
        # Every one is compared, in constant time: how long it takes tells nothing.
        return sum(hmac.compare_digest(found, each) for each in self.tokens) > 0

    def signed(self, token: str, audience: str) -> bool:
        """Whether this is a token that one of the issuers signed for ``audience``."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except jwt.PyJWTError:
            return False
        keys = self.issuers.get(issuer, ()) if isinstance(issuer, str) else ()
        return any(
            _verified(token, key, str(issuer), audience)
            for key in keys
            if header.get("kid") in (None, key.key_id) and header.get("alg") == key.algorithm_name
        )


def _verified(token: str, key: PyJWK, issuer: str, audience: str) -> bool:
    import jwt

    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=audience,
            issuer=issuer,
            leeway=_LEEWAY,
            options={"require": list(_CLAIMS)},
        )
    except jwt.PyJWTError:
        return False
    return bool(0 < int(claims["exp"]) - int(claims["iat"]) <= _LIFE)


def read_access(path: Path) -> Access:
    """The list in a TOML file: ``[[issuer]]`` with ``iss`` and ``keys`` (a JWKS file beside it),
    ``[[token]]`` with ``sha256``. Raises AccessError with all its faults."""
    try:
        source = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise AccessError((f"{path.name}: cannot be read as TOML: {why}",)) from None
    faults: list[str] = []
    for name in source.keys() - {"issuer", "token"}:
        faults.append(f"{path.name}: {name!r} is unknown; allowed: [[issuer]], [[token]]")
    issuers = dict(_issuers(source.get("issuer", []), path, faults))
    tokens = frozenset(_tokens(source.get("token", []), path, faults))
    if not faults and not issuers and not tokens:
        faults.append(f"{path.name}: nobody is named; give an [[issuer]], a [[token]] or both")
    if faults:
        raise AccessError(tuple(faults))
    return Access(issuers, tokens)


def _entries(
    found: object, kind: str, known: tuple[str, ...], path: Path, faults: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(found, list):
        faults.append(f"{path.name}: {kind} is no list; write [[{kind}]]")
        return
    for number, entry in enumerate(found, 1):
        where = f"{path.name}: [[{kind}]] {number}"
        if not isinstance(entry, dict):
            faults.append(f"{where}: is no table; write [[{kind}]]")
            continue
        for name in entry.keys() - set(known):
            faults.append(f"{where}: {name!r} is unknown; allowed: {', '.join(known)}")
        yield where, entry


def _issuers(
    found: object, path: Path, faults: list[str]
) -> Iterator[tuple[str, tuple[PyJWK, ...]]]:
    for where, entry in _entries(found, "issuer", ("iss", "keys"), path, faults):
        issuer, file = entry.get("iss"), entry.get("keys")
        if not isinstance(issuer, str) or not issuer:
            faults.append(f"{where}: iss is missing; give the issuer as its tokens name it")
        elif not isinstance(file, str) or not file:
            faults.append(f"{where}: keys is missing; give the file with its public keys (JWKS)")
        else:
            yield issuer, tuple(_keys(path.parent / file, where, faults))


def _keys(path: Path, where: str, faults: list[str]) -> Iterator[PyJWK]:
    import jwt

    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["keys"]
    except (OSError, ValueError, KeyError, TypeError):
        faults.append(f'{where}: {path.name} is no JWKS; it must be {{"keys": […]}}')
        return
    for number, entry in enumerate(listed if isinstance(listed, list) else (), 1):
        if isinstance(entry, dict) and "d" in entry:
            faults.append(f"{where}: key {number} in {path.name} is private; give public keys only")
            continue
        try:
            key = jwt.PyJWK(entry)
        except (jwt.PyJWTError, TypeError, AttributeError) as error:
            faults.append(f"{where}: key {number} in {path.name} cannot be used: {error}")
            continue
        if key.algorithm_name in ALGORITHMS:
            yield key
        else:
            faults.append(
                f"{where}: key {number} in {path.name} is for {key.algorithm_name}; "
                f"allowed: {', '.join(ALGORITHMS)}"
            )
    if not listed:
        faults.append(f"{where}: {path.name} holds no key")


def _tokens(found: object, path: Path, faults: list[str]) -> Iterator[str]:
    for where, entry in _entries(found, "token", ("name", "sha256"), path, faults):
        digest = str(entry.get("sha256", "")).lower()
        if len(digest) == _DIGEST and all(each in "0123456789abcdef" for each in digest):
            yield digest
        else:
            faults.append(f"{where}: sha256 must be the {_DIGEST} digits of the token's SHA-256")
