"""How pages are dressed: our own files, kept and packed, and the stylesheet of the installation where it gives one."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request, send_from_directory, url_for

from app.web.services import services

routes = Blueprint("styles", __name__)
OURS = {"static", "styles.given"}
KINDS = (".css", ".woff2", ".woff", ".svg", ".png", ".ico")
"""What a stylesheet asks for; nothing else of its folder is shown."""
KEPT = "public, max-age=3600"
PACKED = ("text/css", "image/svg+xml")


@routes.get("/charte/<path:name>")
def given(name: str) -> Response:
    """The stylesheet of the installation, and the fonts and icons that stand beside or below it."""
    sheet = services().settings.stylesheet
    if not sheet or sheet.startswith("https://") or not name.endswith(KINDS):
        abort(404)
    return send_from_directory(Path(sheet).parent.resolve(), name)


def stylesheet() -> str:
    """The address of the one that the installation gives, loaded after ours; empty without."""
    sheet = services().settings.stylesheet
    return sheet if sheet.startswith("https://") or not sheet else url_for("styles.given", name=Path(sheet).name)


def let_in(policy: str, sheet: str) -> str:
    """The same Content-Security-Policy, with the place of the stylesheet, its fonts and icons."""
    if not sheet:
        return policy
    parts = urlsplit(sheet)
    origin = f" {parts.scheme}://{parts.netloc}" if parts.scheme == "https" else ""
    dressed = policy.replace("style-src 'self'", f"style-src 'self'{origin}; font-src 'self'{origin}")
    return dressed.replace("img-src 'self'", f"img-src 'self'{origin}")


def kept_an_hour(response: Response) -> Response:
    """A file that is the same for everybody: kept an hour by browsers, and packed.

    Pages are never packed: their length would tell of the seals they hold.
    """
    response.headers["Cache-Control"] = KEPT
    if response.status_code == 200 and response.mimetype in PACKED:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings.best_match(["gzip"]) and request.method == "GET":
            response.direct_passthrough = False
            response.set_data(gzip.compress(response.get_data(), mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            etag, _ = response.get_etag()
            response.set_etag(etag or "", weak=True)
    return response
