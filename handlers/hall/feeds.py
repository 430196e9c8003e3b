"""Works as other programs read them: JSON Feed 1.1, RSS 2.0, a sitemap, oEmbed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from bot import cards
from bot.usecases.hall import Work
from handlers.hall.reader import Reader

Link = Callable[..., str]
"""A path of ours → an address: `Reader.file` or `Reader.whole`."""
WIDTH: Final = 640
"""Pixels of an embedded player where nobody asks for another size."""
LEAST: Final = 200
_UNHOLDABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def hung(work: Work) -> datetime:
    """When it was approved."""
    return (work.entry.review.when if work.entry.review else work.entry.created).astimezone(UTC)


def iso(moment: datetime) -> str:
    """A moment as machines read it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def title(reader: Reader, work: Work) -> str:
    """What a work is called where one line must do."""
    request = work.entry.request
    sport = reader.sport(request)
    return reader.say("hall.name", sentence=cards.clipped(request.prompt, 90), sport=sport)


def film(link: Link, work: Work) -> str:
    """The film's own address; it names the content, so it may be kept for long."""
    return link(f"/exhibits/{work.entry.id}/film.mp4", v=work.entry.clip.blob[:8])


def poster(link: Link, work: Work) -> str:
    """The poster's own address."""
    return link(f"/exhibits/{work.entry.id}/poster.jpg", v=work.entry.clip.poster[:8])


def page(reader: Reader, work: Work) -> str:
    """The page of a work."""
    return reader.whole(f"/exhibits/{work.entry.id}")


def json_feed(reader: Reader, name: str, works: Sequence[Work], asked: dict[str, str]) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": name,
        "home_page_url": reader.whole("/", **asked),
        "feed_url": reader.whole("/feed.json", **asked),
        "language": reader.language,
        "icon": reader.whole("/static/crystal.svg"),
        "items": [_item(reader, work) for work in works],
    }
    return json.dumps(feed, ensure_ascii=False)


def _item(reader: Reader, work: Work) -> dict[str, Any]:
    seen = work.entry.clip.inspection
    return {
        "id": page(reader, work),
        "url": page(reader, work),
        "title": title(reader, work),
        "content_text": f"{work.entry.request.prompt}\n\n{reader.say(work.label)}",
        "image": poster(reader.whole, work),
        "date_published": iso(hung(work)),
        "authors": [{"name": work.maker}],
        "tags": [reader.sport(work.entry.request), cards.style_name(work.entry.request.style, reader.language)],
        "language": work.entry.request.language,
        "attachments": [
            {
                "url": film(reader.whole, work),
                "mime_type": "video/mp4",
                "size_in_bytes": seen.bytes,
                "duration_in_seconds": seen.seconds,
            }
        ],
    }


def rss(reader: Reader, name: str, works: Sequence[Work], asked: dict[str, str]) -> str:
    """RSS 2.0 with the films as enclosures."""
    head = _tags(title=name, link=reader.whole("/", **asked), description=name, language=reader.language.lower())
    here = quoteattr(reader.whole("/feed.xml", **asked))
    items = "".join(_entry(reader, work) for work in works)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel>{head}<atom:link href={here} rel="self" type="application/rss+xml"/>{items}</channel></rss>\n'
    )


def _entry(reader: Reader, work: Work) -> str:
    seen, address = work.entry.clip.inspection, escape(page(reader, work))
    enclosure = f'<enclosure url={quoteattr(film(reader.whole, work))} length="{seen.bytes}" type="video/mp4"/>'
    said = f"{work.entry.request.prompt} ({reader.say(work.label)})"
    told = _tags(title=title(reader, work), description=said, pubDate=format_datetime(hung(work), usegmt=True))
    maker = f"<dc:creator>{escape(_clean(work.maker))}</dc:creator>"
    return f'<item><guid isPermaLink="true">{address}</guid><link>{address}</link>{told}{maker}{enclosure}</item>'


def sitemap(reader: Reader, works: Sequence[Work]) -> str:
    """Every page a search engine may show."""
    places = [(reader.whole("/"), ""), *((page(reader, work), iso(hung(work))) for work in works)]
    urls = "".join(f"<url>{_tags(loc=url, **({'lastmod': when} if when else {}))}</url>" for url, when in places)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}{urls}</urlset>\n"


def asked_work(base: str, url: str) -> str:
    """The id of the exhibit an address of ours shows; empty for every other address."""
    try:
        ours, theirs = urlsplit(base), urlsplit(url)
    except ValueError:
        return ""
    before = f"{ours.path}/exhibits/"
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc) or not theirs.path.startswith(before):
        return ""
    rest = theirs.path.removeprefix(before).removesuffix("/embed")
    return unquote(rest) if rest and "/" not in rest else ""


def oembed(reader: Reader, name: str, work: Work, width: int = WIDTH, height: int = 0) -> str:
    """oEmbed 1.0: the player in a frame, at most so wide and so high (0: as high as it is)."""
    size = work.entry.clip.inspection.size
    width = max(LEAST, min(width or WIDTH, 1920))
    if height:
        width = max(LEAST, min(width, height * size.width // size.height))
    tall = round(width * size.height / size.width)
    source, said = quoteattr(f"{page(reader, work)}/embed"), quoteattr(title(reader, work))
    frame = f'<iframe src={source} width="{width}" height="{tall}" title={said} allowfullscreen></iframe>'
    told = {
        "version": "1.0",
        "type": "video",
        "title": title(reader, work),
        "author_name": work.maker,
        "provider_name": name,
        "provider_url": reader.whole("/"),
        "thumbnail_url": poster(reader.whole, work),
        "thumbnail_width": size.width,
        "thumbnail_height": size.height,
        "width": width,
        "height": tall,
        "html": frame,
        "cache_age": 3600,
    }
    return json.dumps(told, ensure_ascii=False)


def _tags(**texts: str) -> str:
    return "".join(f"<{name}>{escape(_clean(text))}</{name}>" for name, text in texts.items())


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _UNHOLDABLE.sub("", text)
