"""The addresses people use, from the address of the API: github.com, a server of one's own, a data-residency tenant."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_base(api_url: str) -> str:
    """Without a final slash."""
    parts = urlsplit(api_url)
    if parts.path.rstrip("/") == "/api/v3":
        return f"{parts.scheme}://{parts.netloc}"
    if parts.netloc == "api.github.com" or (parts.netloc.startswith("api.") and parts.netloc.endswith(".ghe.com")):
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
    return api_url.rstrip("/")
