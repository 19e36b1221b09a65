"""A date on a checkpoint, by an authority of RFC 3161: asked, then checked before it is believed."""

from __future__ import annotations

import hashlib

import rfc3161_client as tsp
from cryptography.x509 import load_pem_x509_certificates

from app.anchoring.posting import Between, NotVouchedError, Post, post_bytes

QUERY = "application/timestamp-query"


class Authority:
    """`roots`: certificates in PEM, one after the other, by which its own is believed.

    Without any, an answer must still date this text and echo this question, but its signature is left to whoever reads
    it later with the authority's certificates: no chain can be followed without its end.
    """

    def __init__(self, url: str, roots: str = "", send: Post = post_bytes) -> None:
        self._url, self._post = url, send
        self._roots = tuple(load_pem_x509_certificates(roots.encode())) if roots else ()

    def stamp(self, text: str, when: Between) -> bytes:
        """The whole answer, as `openssl ts -verify -data TEXT -in ANSWER` reads it; raises NotVouchedError."""
        message = text.encode()
        asked = _request(message)
        answer = self._post(self._url, asked.as_bytes(), QUERY)
        if answer.status != 200:
            raise NotVouchedError(f"réponse {answer.status}")
        try:
            found = tsp.decode_timestamp_response(answer.body)
        except ValueError as error:
            raise NotVouchedError("réponse qui n’est pas un horodatage") from error
        if found.status != tsp.PKIStatus.GRANTED.value:
            raise NotVouchedError("horodatage refusé")
        try:
            self._check(asked, found, message)
        except (tsp.VerificationError, ValueError) as error:
            # The libraries' own words, in English, hold nothing secret: whoever looks for the cause needs them.
            raise NotVouchedError(f"horodatage faux ({error})") from error
        when.holds(found.tst_info.gen_time.timestamp())
        return answer.body

    def _check(self, asked: tsp.TimeStampRequest, found: tsp.TimeStampResponse, message: bytes) -> None:
        imprint = found.tst_info.message_imprint
        if found.tst_info.nonce != asked.nonce or imprint.message != hashlib.sha256(message).digest():
            raise tsp.VerificationError("another question was answered")
        if self._roots:
            verifier = tsp.VerifierBuilder.from_request(asked)
            for root in self._roots:
                verifier = verifier.add_root_certificate(root)
            verifier.build().verify_message(found, message)


def _request(message: bytes) -> tsp.TimeStampRequest:
    builder = tsp.TimestampRequestBuilder().data(message).hash_algorithm(tsp.HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build()
