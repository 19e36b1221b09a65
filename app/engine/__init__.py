"""The durable engine: deliveries stored before they are acknowledged, one turn per product at a time, retries."""

from app.engine.inbox import Inbox
from app.engine.stored import Parked
from app.engine.worker import AlreadyRunningError, Worker
from app.store.database import open_database

__all__ = ["AlreadyRunningError", "Inbox", "Parked", "Worker", "open_database"]
