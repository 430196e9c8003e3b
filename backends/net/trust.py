"""The certificates we trust, read once: reading them takes a tenth of a second, which no loop should stand still for
at every call."""

from __future__ import annotations

import functools
import ssl

import httpx


@functools.cache
def certificates() -> ssl.SSLContext:
    """As httpx trusts: certifi's, or those of SSL_CERT_FILE and SSL_CERT_DIR."""
    return httpx.create_ssl_context()
