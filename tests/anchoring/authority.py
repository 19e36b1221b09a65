"""A time-stamping authority of one's own: `openssl ts` behind a local HTTP server, on a port that the system gives."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIGURATION = """\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ts]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*words: object, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *map(str, words)], input=given, check=True, capture_output=True).stdout


class LocalAuthority:
    """`spoil` may change what it answers, to lie; `away` makes it answer 503; `asked` counts the questions."""

    def __init__(self, folder: Path, name: str = "Horodatage d'essai") -> None:
        self.folder, self.asked, self.away = folder, 0, False
        self.spoil = lambda answer: answer
        folder.mkdir(parents=True, exist_ok=True)
        self._configuration = folder / "openssl.cnf"
        self._configuration.write_text(CONFIGURATION.format(folder=folder, name=name), encoding="utf-8")
        (folder / "serial").write_text("01\n", encoding="utf-8")
        self._certificates()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsr"

    @property
    def roots(self) -> str:
        return (self.folder / "ca.pem").read_text(encoding="utf-8")

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def reads(self, answer: bytes, text: str) -> str:
        """What `openssl ts -verify` says of an answer that was kept."""
        (self.folder / "kept.tsr").write_bytes(answer)
        (self.folder / "kept.txt").write_bytes(text.encode())
        told = openssl(
            *("ts", "-verify", "-data", self.folder / "kept.txt", "-in", self.folder / "kept.tsr"),
            *("-CAfile", self.folder / "ca.pem"),
        )
        return told.decode().strip()

    def _certificates(self) -> None:
        folder, made = self.folder, ("-config", self._configuration, "-days", "30")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl(
            *("req", "-x509", *curve, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", *made),
            *("-extensions", "ca", "-subj", "/CN=Racine d'essai"),
        )
        openssl(
            *("req", "-x509", *curve, "-keyout", folder / "tsa.key", "-out", folder / "tsa.pem", *made),
            *("-extensions", "tsa", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key"),
        )

    def answer(self, question: bytes) -> bytes:
        (self.folder / f"{self.asked}.tsq").write_bytes(question)
        asked = ("-queryfile", self.folder / f"{self.asked}.tsq", "-section", "ts")
        return openssl("ts", "-reply", "-config", self._configuration, *asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                answer = b"" if authority.away else authority.spoil(authority.answer(question))
                self.send_response(503 if authority.away else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words: object) -> None:
                pass

        return Handler
