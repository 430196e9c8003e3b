"""The one way from a backend to a server: calls that know whether money may be at stake, downloads that cannot be
lured inside, addresses and keys that never reach a log, and looks at a steady pace.

    client     JSON over HTTP; foreign errors renamed: surely not sent, may have been accepted, or a read
    answer     what came back, and what its status means in our error tree
    download   a finished video into a file, complete or not at all
    guard      which hosts a download may reach
    redact     what a log may show
    watch      looks at an order until it has ended
    rate       no more than so many calls a second
    media      a local file as the wire wants it
    trust      certificates, read once
    ledger     what this machine has sent, for orders whose answer was lost
"""

from backends.net.answer import Answer, dig, meaning
from backends.net.client import Client, Times
from backends.net.download import download
from backends.net.guard import hosts, origin
from backends.net.media import contents, data_uri, inlined, mime_of, picture, suffix_of
from backends.net.rate import Rate
from backends.net.redact import redacted, scrubbed
from backends.net.watch import ENDED, Pace, watch

__all__ = [
    "ENDED",
    "Answer",
    "Client",
    "Pace",
    "Rate",
    "Times",
    "contents",
    "data_uri",
    "dig",
    "download",
    "hosts",
    "inlined",
    "meaning",
    "mime_of",
    "origin",
    "picture",
    "redacted",
    "scrubbed",
    "suffix_of",
    "watch",
]
