"""The service: a hospital system asks over HTTP, CDS Hooks 2.0 or plain REST; nothing is kept.

Needs the extra ``serve``. ``create_app`` makes the ASGI application; who runs it, and on which
address, is decided above (``myorx serve``).
"""

from __future__ import annotations

from myorx.exchange.service.settings import Limits, Settings

__all__ = ["Limits", "Settings"]
