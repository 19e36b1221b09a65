"""The durable engine: deliveries stored before they are acknowledged, one turn per product at a time, retries."""

from app.engine.postgresql_later import load_driver_later

load_driver_later()

from app.engine.inbox import Inbox  # noqa: E402 - DBOS is imported from here on
from app.engine.stored import Parked  # noqa: E402
from app.engine.worker import AlreadyRunningError, Worker  # noqa: E402
from app.store.database import open_database  # noqa: E402

__all__ = ["AlreadyRunningError", "Inbox", "Parked", "Worker", "open_database"]
