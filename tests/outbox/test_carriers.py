"""Carriers against real servers on loopback: TLS and sign-in, GOV.UK Notify's API, a folder."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from panel_app.core import clock
from panel_app.outbox.carriers.carrier import (
    BadAddress,
    Letter,
    NotNow,
    NotSent,
    Unreachable,
    Unsure,
)
from panel_app.outbox.carriers.folder import Folder
from panel_app.outbox.carriers.notify import Notify
from panel_app.outbox.carriers.smtp import Smtp
from tests.outbox.post_room import Office, free_port, post_office

SENDER = "Hillgrove <panel@hillgrove.example>"
SERVICE, SECRET_KEY = (
    "5" * 8 + "-1111-4111-8111-" + "5" * 12,
    "7" * 8 + "-1111-4111-8111-" + "7" * 12,
)
KEY = f"test-{SERVICE}-{SECRET_KEY}"


def letter(to: str = "rosa@example.org", **changes: Any) -> Letter:
    return Letter(
        **{
            "number": "k3m9",
            "channel": "mail",
            "to": to,
            "title": "A decision",
            "body": "Dear Rosa,\n\n.\nWe can pay",
            "language": "en",
            **changes,
        }
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post office")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def guarded(certificate: tuple[Path, Path]) -> Iterator[tuple[Office, int]]:
    """Yield a mail server that asks for TLS and for a password, and its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    office = Office()

    def authenticator(server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"panel", b"p@ss/word"))

    with post_office(
        office,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticator,
    ) as port:
        yield office, port


def test_tls_is_started_and_the_password_given(
    guarded: tuple[Office, int], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, port = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with Smtp.at(f"smtp://panel:p%40ss%2Fword@127.0.0.1:{port}", SENDER).opened() as send:
        send(letter())
        send(letter("sol@example.org"))
    assert office.counted() == {"rosa@example.org": 1, "sol@example.org": 1}
    # This server never answers the third way to sign in.
    monkeypatch.setattr("panel_app.outbox.carriers.smtp.PATIENCE", 2)
    wrong = Smtp.at(f"smtp://panel:wrong@127.0.0.1:{port}", SENDER)
    assert "wrong" not in repr(wrong)
    with pytest.raises(Unreachable), wrong.opened():
        pass


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_mail(
    guarded: tuple[Office, int],
) -> None:
    office, port = guarded
    carrier = Smtp.at(f"smtp://panel:p%40ss%2Fword@127.0.0.1:{port}", SENDER)
    with pytest.raises(Unreachable), carrier.opened():
        pass
    assert office.taken == []


def test_without_tls_only_this_machine_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office(Office()) as port:
        elsewhere = Smtp.at(f"smtp://127.0.0.1:{port}", SENDER)
        monkeypatch.setattr("panel_app.outbox.carriers.smtp._on_this_machine", lambda host: False)
        with pytest.raises(Unreachable), elsewhere.opened():
            pass


@pytest.mark.parametrize(
    "to", ["two words@example.org", "a@b@c.org", "রোজা@example.org", "a\r\nBcc: x@y.org", "@x.org"]
)
def test_an_address_that_can_t_be_one_is_refused_before_the_server_hears_of_it(to: str) -> None:
    office = Office()
    with (
        post_office(office) as port,
        Smtp.at(f"smtp://127.0.0.1:{port}", SENDER).opened() as send,
        pytest.raises(BadAddress),
    ):
        send(letter(to))
    assert office.taken == []


def test_a_name_of_another_script_in_the_host_is_sent_in_ascii() -> None:
    office = Office()
    with post_office(office) as port, Smtp.at(f"smtp://127.0.0.1:{port}", SENDER).opened() as send:
        send(letter("rosa@münchen.example"))
    assert office.taken[0][0] == "rosa@xn--mnchen-3ya.example"


def test_folder_holds_one_whole_file_a_message_for_its_owner(tmp_path: Path) -> None:
    place = tmp_path / "mail"
    with Folder(place, SENDER).opened() as send:
        send(letter())
        send(letter(number="k3m8", to="sol@example.org"))
    assert sorted(file.name for file in place.iterdir()) == ["k3m8.eml", "k3m9.eml"]
    assert (place / "k3m9.eml").stat().st_mode & 0o077 == 0
    mail = message_from_bytes((place / "k3m9.eml").read_bytes(), policy=default)
    assert mail["Message-ID"] == "<k3m9@hillgrove.example>"
    assert "We can pay" in mail.get_content()  # type: ignore[attr-defined]


class NotifyApi(BaseHTTPRequestHandler):
    """Speaks the few words of GOV.UK Notify's API that are used, and checks its sign-in."""

    taken: list[tuple[str, dict[str, Any]]]

    def do_POST(self) -> None:
        jwt.decode(
            self.headers["Authorization"].removeprefix("Bearer "),
            SECRET_KEY,
            algorithms=["HS256"],
            issuer=SERVICE,
            options={"verify_aud": False},
        )
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        to = asked.get("email_address") or asked["phone_number"]
        status, error = self._answer(to)
        if status == 0:
            self.connection.close()
            return
        if status == 201:
            self.taken.append((self.path, asked))
        answer = {"id": "x"} if status == 201 else {"status_code": status, "errors": [error]}
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, to: str) -> tuple[int, dict[str, str]]:
        bad = {"error": "ValidationError", "message": "email_address Not a valid email address"}
        team = {"error": "BadRequestError", "message": "Can’t send to this recipient"}
        slow = {"error": "RateLimitError", "message": "Exceeded rate limit"}
        broken = {"error": "Exception", "message": "Internal server error"}
        answers = {
            "bad": (400, bad),
            "team": (400, team),
            "slow": (429, slow),
            "e500": (500, broken),
        }
        if to.startswith("hangup"):
            return 0, {}
        return next((said for word, said in answers.items() if to.startswith(word)), (201, {}))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def notify_api() -> Iterator[tuple[type[NotifyApi], str]]:
    handler = type("Handler", (NotifyApi,), {"taken": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield handler, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_notify_is_given_mail_and_text_messages_by_its_templates(
    notify_api: tuple[type[NotifyApi], str],
) -> None:
    api, url = notify_api
    carrier = Notify(url, KEY, "mail-template", "sms-template")
    assert carrier.carries == {"mail", "sms"}
    with carrier.opened() as send:
        send(letter())
        send(letter("07700 900123", channel="sms", body="Short"))
    assert [path for path, _ in api.taken] == ["/v2/notifications/email", "/v2/notifications/sms"]
    mail, sms = (asked for _, asked in api.taken)
    assert mail["personalisation"] == {"subject": "A decision", "body": letter().body}
    assert (mail["template_id"], mail["reference"]) == ("mail-template", "k3m9")
    assert (sms["phone_number"], sms["personalisation"]) == ("07700 900123", {"body": "Short"})


@pytest.mark.parametrize(
    ("to", "outcome", "status"),
    [
        ("bad@x.org", BadAddress, 400),
        ("team@x.org", NotNow, 400),
        ("slow@x.org", NotNow, 429),
        ("e500@x.org", Unsure, None),
        ("hangup@x.org", Unsure, None),
    ],
)
def test_notify_s_answers_say_what_became_of_a_letter(
    notify_api: tuple[type[NotifyApi], str],
    to: str,
    outcome: type[Exception],
    status: int | None,
) -> None:
    with Notify(notify_api[1], KEY, "m", "").opened() as send, pytest.raises(outcome) as said:
        send(letter(to))
    assert type(said.value) is outcome
    assert not isinstance(said.value, NotSent) or said.value.answer == status


def test_notify_out_of_reach_has_taken_nothing() -> None:
    nowhere = Notify(f"http://127.0.0.1:{free_port()}", KEY, "m", "")
    with nowhere.opened() as send, pytest.raises(NotNow) as said:
        send(letter())
    assert said.value.answer is None


def test_without_a_template_for_text_messages_a_person_sends_them() -> None:
    assert Notify("https://x", KEY, "m", "").carries == {"mail"}
