"""Photos and documents that people send, each sealed under its own key.

The key lies in the row, the file in the data folder: one goes with the other. Pages link to one for
an hour, for whoever may read what it belongs to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, select

from panel_app.core import crypto, files, pictures
from panel_app.core.check import Finding
from panel_app.core.db import db, found, one
from panel_app.core.errors import Refused
from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.photo import Photo as PhotoKind
from panel_app.questions.models import Photo
from panel_app.questions.question import Answer, Answers, Question

#: How long a link on a page shows a photo, in seconds.
SHOWN_FOR = 3_600
#: How many names are asked for at once.
BATCH = 500


class Uploads(Protocol):
    """What a form uploaded, by name; `request.files` is one."""

    def get(self, key: str) -> Any | None: ...


def received(
    *, about: str, questions: Iterable[Question], uploads: Uploads
) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """Keep what was uploaded to the questions; return what answers name, and what was wrong.

    Both are by question. `about` is whose answers they belong to, such as `application:…`.
    """
    kept, wrong = {}, {}
    for question in questions:
        kind = question.kind
        file = uploads.get(f"{question.code}.file") if takes_photo(question) else None
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
    return keep_safe(about, content, media)


def keep_safe(about: str, content: bytes, media: str = "image/jpeg") -> str:
    """Keep a file that was made safe already; the same one twice is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    query = select(Photo).where(Photo.about == about, Photo.digest == digest)
    photo = db.session.scalar(query)
    if photo is None:
        key = crypto.new_person_key()
        file = files.keep(crypto.seal_bytes(content, key))
        photo = Photo(about=about, digest=digest, media=media, person_key=key, file=file)
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
    """Forget the keys of the files that belong to somebody's answers; the night sweeps the rest."""
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
    return opened(photo), photo.media


def opened(photo: Photo) -> bytes:
    """Return a file as it was kept. Raises NotFound where it is missing or damaged."""
    sealed = photo.content or files.read(photo.file or "")
    return crypto.unseal_bytes(sealed, photo.person_key)


def named(names: Collection[str]) -> set[str]:
    """Return which of these files a row names, a few hundred a question to the database."""
    asked, known = list(names), set[str]()
    for start in range(0, len(asked), BATCH):
        some = select(Photo.file).where(Photo.file.in_(asked[start : start + BATCH]))
        known.update(name for name in db.session.scalars(some) if name)
    return known


def tidy() -> None:
    """Move files that lie in the database into the data folder, and sweep what nobody names."""
    older = select(Photo).where(Photo.content.is_not(None)).order_by(Photo.id).limit(1)
    while photo := db.session.scalar(older):
        photo.file, photo.content = files.keep(photo.content or b""), None
        db.session.commit()
    files.sweep()


def missing() -> Iterator[Finding]:
    """Find rows whose file is not in the data folder."""
    names = db.session.scalars(select(Photo.file).where(Photo.file.is_not(None)))
    gone = sum(not files.is_here(name) for name in names if name)
    if gone:
        yield Finding(
            f"{gone} files that people sent are not in the data folder: put the folder files back,"
            " from the machine or the copy that has it"
        )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="photo")
