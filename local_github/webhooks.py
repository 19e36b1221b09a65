"""Webhooks out: signed, in order, one attempt each, every attempt logged; GitHub never tries again by itself."""

from __future__ import annotations

import hashlib
import hmac
import http
import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from local_github.faults import DELIVERIES, PAYLOADS, Faults
from local_github.state import Delivery
from local_github.world import World

PATH = "/webhooks/github"
TIMEOUT_S = 10
LATE_S = 2
log = logging.getLogger(__name__)
Deliver = Callable[[dict[str, str], bytes], int]


@dataclass(frozen=True)
class _Parcel:
    headers: dict[str, str]
    body: bytes
    action: str
    redelivery: bool = False


class Hooks:
    """The delivery thread and what waits for it. `deliver` replaces the sending; `hold` keeps everything back."""

    def __init__(self, world: World, app_url: str | None, faults: Faults) -> None:
        self._world, self._faults = world, faults
        self._behind: list[_Parcel] = []
        self._late: set[threading.Timer] = set()
        self._url = f"{app_url.rstrip('/')}{PATH}" if app_url else None
        self._queue: queue.Queue[_Parcel | None] = queue.Queue()
        self._held: list[_Parcel] = []
        self._hold = False
        self._waiting = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy has no place between two programs of one machine
        self.deliver: Deliver | None = None
        world.hook_address = self._url or ""
        world.send, world.resend = self._send, self._send_again

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What still waits is lost, as when GitHub has an incident."""
        with self._changed:
            for timer in self._late:
                timer.cancel()
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(TIMEOUT_S + 1)
        self._session.close()

    @property
    def hold(self) -> bool:
        return self._hold

    @hold.setter
    def hold(self, value: bool) -> None:
        self._hold = value
        if not value:
            for parcel in self._take():
                self._put(parcel)

    def take_held(self) -> list[tuple[dict[str, str], bytes]]:
        self._overtaken()
        return [(parcel.headers, parcel.body) for parcel in self._take()]

    def wait_delivered(self, timeout: float) -> None:
        """Raises TimeoutError. One that was to come after the next has waited long enough."""
        self._overtaken()
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting == 0 and not self._late, timeout):
                raise TimeoutError(f"{self._waiting + len(self._late)} webhooks still wait")

    @property
    def _address(self) -> str | None:
        """The one the App was registered with, or else the one this local GitHub was started for."""
        return self._world.app.hook_url or self._url

    def _take(self) -> list[_Parcel]:
        with self._changed:
            held, self._held = self._held, []
            return held

    def _send(self, event: str, action: str, payload: dict[str, Any]) -> None:
        if event == "projects_v2_item" and self._faults.take(PAYLOADS, f"{event}.{action}"):
            payload = _bare(payload)
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        self._go(_Parcel(self._headers(event, str(uuid.uuid4()), body), body, action))

    def _go(self, parcel: _Parcel) -> None:
        """On its way, or what happens to it instead."""
        if not self._world.app.hook_active:
            return
        fault = self._faults.take(DELIVERIES, f"{parcel.headers['X-GitHub-Event']}.{parcel.action}")
        match fault.kind if fault else "":
            case "vanished":
                return
            case "lost":
                self._log(parcel, 0, "timed out", float(TIMEOUT_S))
            case "delayed":
                self._later(parcel, LATE_S if fault is None or fault.seconds is None else fault.seconds)
            case "reordered":
                self._behind.append(parcel)
                return
            case "duplicated":
                self._put(parcel)
                self._put(parcel)
            case _:
                self._put(parcel)
        self._overtaken()

    def _overtaken(self) -> None:
        """Those that had to let one pass."""
        with self._changed:
            behind, self._behind = self._behind, []
        for parcel in behind:
            self._put(parcel)

    def _later(self, parcel: _Parcel, seconds: float) -> None:
        def arrive() -> None:
            self._put(parcel)
            with self._changed:
                self._late.discard(timer)
                self._changed.notify_all()

        timer = threading.Timer(seconds, arrive)
        timer.daemon = True
        with self._changed:
            self._late.add(timer)
        timer.start()

    def _send_again(self, delivery: Delivery) -> None:
        body = delivery.request_body.encode()
        headers = self._headers(delivery.event, delivery.guid, body)
        self._put(_Parcel(headers, body, delivery.action or "", redelivery=True))

    def _put(self, parcel: _Parcel) -> None:
        with self._changed:
            if self._hold:
                self._held.append(parcel)
            elif self._address or self.deliver:
                self._waiting += 1
                self._queue.put(parcel)

    def _headers(self, event: str, guid: str, body: bytes) -> dict[str, str]:
        app = self._world.app
        signature = hmac.new(app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/sandbox",
            "X-GitHub-Delivery": guid,
            "X-GitHub-Event": event,
            "X-GitHub-Hook-ID": str(app.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": f"sha256={signature}",
        }

    def _run(self) -> None:
        while parcel := self._queue.get():
            try:
                self._attempt(parcel)
            finally:
                with self._changed:
                    self._waiting -= 1
                    self._changed.notify_all()

    def _attempt(self, parcel: _Parcel) -> None:
        started = time.monotonic()
        code, status = self._post(parcel)
        self._log(parcel, code, status, round(time.monotonic() - started, 3))

    def _log(self, parcel: _Parcel, code: int, status: str, seconds: float) -> None:
        at, world, event = self._world.now(), self._world, parcel.headers["X-GitHub-Event"]
        with world.lock:
            world.deliveries.append(
                Delivery(
                    id=world.new_id(),
                    guid=parcel.headers["X-GitHub-Delivery"],
                    event=event,
                    action=parcel.action,
                    at=at,
                    status_code=code,
                    status=status,
                    duration=seconds,
                    redelivery=parcel.redelivery,
                    request_headers=parcel.headers,
                    request_body=parcel.body.decode(),
                )
            )
            world.changed()

    def _post(self, parcel: _Parcel) -> tuple[int, str]:
        try:
            code = self.deliver(parcel.headers, parcel.body) if self.deliver else self._http(parcel)
        except requests.Timeout:
            return 0, "timed out"
        except requests.RequestException:
            return 0, "failed to connect to host"
        except Exception:  # the receiver's bug must not stop the deliveries that follow
            log.exception("the receiver of a webhook raised")
            return 0, "failed to connect to host"
        return code, "OK" if 200 <= code < 300 else _phrase(code)

    def _http(self, parcel: _Parcel) -> int:
        answer = self._session.post(
            str(self._address), data=parcel.body, headers=parcel.headers, timeout=TIMEOUT_S, allow_redirects=False
        )
        return answer.status_code


def _bare(payload: dict[str, Any]) -> dict[str, Any]:
    """GitHub promises none of these keys."""
    value = payload.get("changes", {}).get("field_value")
    if not value:
        return payload
    kept = {key: item for key, item in value.items() if key not in {"field_name", "from", "to"}}
    return {**payload, "changes": {"field_value": kept}}


def _phrase(code: int) -> str:
    try:
        return http.HTTPStatus(code).phrase
    except ValueError:
        return f"Invalid HTTP Response: {code}"
