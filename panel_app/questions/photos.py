"""Photos and documents that people send with their answers, each sealed under its own key.

They lie in the database, so that a file stands or falls with the answer that names it, and is in
every backup; pages link to one for an hour, for whoever may read the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, select

from panel_app.core import crypto, pictures
from panel_app.core.db import db, found, one
from panel_app.core.errors import Refused
from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.photo import Photo as PhotoKind
from panel_app.questions.models import Photo
from panel_app.questions.question import Answer, Answers, Question

#: How long a link on a page shows a photo, in seconds.
SHOWN_FOR = 3_600


class Files(Protocol):
    """What a form uploaded, by name; `request.files` is one."""

    def get(self, key: str) -> Any | None: ...


def received(
    *, about: str, questions: Iterable[Question], files: Files
) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """Keep what was uploaded to the questions; return what answers name, and what was wrong.

    Both are by question. `about` is whose answers they belong to, such as `application:…`.
    """
    kept, wrong = {}, {}
    for question in questions:
        kind = question.kind
        file = files.get(f"{question.code}.file") if takes_photo(question) else None
        if file is None or not file.filename:
            continue
        try:
            kept[question.code] = {kind: keep(about, file.read(pictures.LARGEST_FILE + 1), kind)}
        except Refused as refusal:
            wrong[question.code] = refusal.message
    return kept, wrong


def keep(about: str, data: bytes, kind: str = "photo") -> str:
    """Keep a file of a kind, made safe; the same one twice is kept once. Raises Refused."""
    content, media = cast(PhotoKind, kind_called(kind)).safe(data)
    digest = hashlib.sha256(content).hexdigest()
    query = select(Photo).where(Photo.about == about, Photo.digest == digest)
    photo = db.session.scalar(query)
    if photo is None:
        key = crypto.new_person_key()
        sealed = crypto.seal_bytes(content, key)
        photo = Photo(about=about, digest=digest, media=media, person_key=key, content=sealed)
        db.session.add(photo)
        db.session.flush()
    return photo.public_id


def only_own(*, about: str, questions: Sequence[Question], answers: Answers) -> dict[str, Answer]:
    """Return the answers without files that belong to somebody else's."""
    own = set(db.session.scalars(select(Photo.public_id).where(Photo.about == about)))
    kept = dict(answers)
    for question in filter(takes_photo, questions):
        answer = kept.get(question.code)
        if isinstance(answer, dict) and answer.get(question.kind) not in own:
            kept[question.code] = {part: v for part, v in answer.items() if part != question.kind}
    return kept


def keep_named(*, about: str, answers: Mapping[str, Any]) -> None:
    """Delete the files that none of the answers names any more."""
    named = {
        answer.get(kind)
        for answer in answers.values()
        if isinstance(answer, dict)
        for kind in ("photo", "document")
    }
    forget(about, but=[name for name in named if name])


def forget(about: str, but: Collection[str] = ()) -> None:
    """Delete the files that belong to somebody's answers."""
    theirs = delete(Photo).where(Photo.about == about, Photo.public_id.not_in(but))
    db.session.execute(theirs)


def takes_photo(question: Question) -> bool:
    """Whether a question is answered by a photo or a document."""
    return kind_called(question.kind).uploads


def address(public_id: str, kind: str = "photo") -> str:
    """Return where a file is shown for an hour; only for pages whose reader may see it."""
    return url_for(f"questions.{kind}", signed=_signer().dumps(public_id))


def shown(signed: str) -> tuple[bytes, str]:
    """Return the file that an address shows, and which kind of file it is.

    Raises NotFound for an address that is over or made up.
    """
    try:
        public_id = _signer().loads(signed, max_age=SHOWN_FOR)
    except BadSignature:
        public_id = None
    photo = one(select(Photo).where(Photo.public_id == found(public_id)))
    return crypto.unseal_bytes(photo.content, photo.person_key), photo.media


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="photo")
