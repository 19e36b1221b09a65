"""Servers of this machine that stand for those of channels: mail, and conversations over HTTP, in clear or not."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class _Kept:
    def __init__(self):
        self.mails, self.people = [], []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.people.append(tuple(envelope.rcpt_tos))
        return "250 OK"


class _AnyPort(Controller):
    """Told of its port by the system: the library would ask the port 0 whether it answers."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server():
    """Gives its port, and what it keeps."""
    kept = _Kept()
    server = _AnyPort(kept, hostname="127.0.0.1", port=0)
    server.start()
    try:
        yield server.port, kept
    finally:
        server.stop()


@contextmanager
def silent_server():
    """Accepts, and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


class Web:
    """A server of conversations: what it was sent, and the status it answers."""

    def __init__(self):
        self.status, self.asked = 200, []

    def handler(self):
        web = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                content = self.rfile.read(length)
                web.asked.append((self.command, self.path, dict(self.headers), json.loads(content or b"{}")))
                told = json.dumps({"room_id": "!salon:localhost", "event_id": "$1", "user_id": "@jalon:localhost"})
                body = told.encode() if web.status == 200 else b"{}"
                self.send_response(web.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        return Handler


@contextmanager
def web_server(certificate=None):
    """Gives its port, and the server; in HTTPS with a certificate."""
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), web.handler())
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate_for_this_machine(folder):
    """The path of a certificate, with its key, that names 127.0.0.1 and vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
