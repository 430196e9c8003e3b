"""Opens a page in the browser of the person at this machine."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser


def show(url: str) -> None:
    """Open a page, without waiting. Without a screen nothing happens: a text browser would take the terminal over."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()
