"""WARC files to pages: FastWARC parses the records, one member of the file at a time."""

from collections.abc import Iterator
from dataclasses import replace

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from transforms.files import InputFile, open_file
from transforms.read.body import STAGE, decode_body, is_html
from transforms.read.config import ReadConfig
from transforms.read.members import PLAIN_WARC, DamagedError, Member, next_member, packing_of, skip_padding
from transforms.records import Dropped, Page, Reason, content_id, drop

_MAX_HEADERS = 1 << 18  # bytes of HTTP headers; FastWARC's own limit of 32 KiB drops pages that browsers show


def read_warc(file: InputFile, config: ReadConfig) -> Iterator[Page | Dropped]:
    """The pages of a `.warc`, `.warc.gz` or `.warc.zst` file in order, at bounded memory.

    A member that cannot be read is one `Dropped`, and so is whatever stands between two members. Where the writer
    packed many records into one member, what follows the damage within that member is lost with it.
    """
    with open_file(file.path) as stream:
        packing = packing_of(stream, file.path) or PLAIN_WARC
        crawl = ""
        offset = skip_padding(stream, 0)
        while offset is not None:
            member = Member(stream, offset, packing)
            records = _Records(file, offset, crawl, config)
            yield from records.read(member)
            crawl = records.crawl
            if member.end is None or records.damaged:
                offset = next_member(stream, offset + 1, packing, PLAIN_WARC.magic)
            else:
                offset = skip_padding(stream, member.end)


class _Records:
    """The records of one member, each yielded once what follows it has proved to be readable.

    So damage, which shows in the member's checksum at its end, drops the page that it is in.
    """

    def __init__(self, file: InputFile, offset: int, crawl: str, config: ReadConfig) -> None:
        self.origin = f"{file.origin}:{offset}"
        self.crawl = crawl  # as the last warcinfo record has it
        self.limit = config.max_page_bytes
        self.damaged = False

    def read(self, member: Member) -> Iterator[Page | Dropped]:
        """Pages and drops; a member that breaks ends with one drop."""
        held: Page | Dropped | None = None
        page = self._page(0)
        try:
            for number, record in enumerate(ArchiveIterator(member, parse_http=False, stream_detect=False)):
                if held is not None:
                    yield held
                page = self._page(number, _header(record.headers, "WARC-Target-URI"))
                held = self._record(page, record)
            member.drain()
        except (DamagedError, OSError) as error:  # OSError is FastWARC's; a file system's error is an InputError
            self.damaged = True
            reason = error.reason if isinstance(error, DamagedError) else Reason.CORRUPT
            held = drop(page, STAGE, reason, error=str(error))
        if held is not None:
            yield held

    def _page(self, number: int, url: str = "") -> Page:
        """A page without content; the second and later records of a member are told from the first by `+number`."""
        origin = f"{self.origin}+{number}" if number else self.origin
        return Page(content_id(origin), b"", url.strip("<>"), crawl=self.crawl, origin=origin)

    def _record(self, page: Page, record: WarcRecord) -> Page | Dropped | None:
        match record.record_type:
            case WarcRecordType.warcinfo:
                self.crawl = _crawl(record) or self.crawl
                return None
            case WarcRecordType.response:
                return _response(page, record, self.limit)
            case WarcRecordType.resource:
                return _resource(page, record, self.limit)
            case _:
                return None


def _response(page: Page, record: WarcRecord, limit: int) -> Page | Dropped:
    if not record.is_http:
        return drop(page, STAGE, Reason.NOT_HTML, content_type=_header(record.headers, "Content-Type"))
    record.parse_http(max_header_len=_MAX_HEADERS, quirks_mode=True)
    headers = record.http_headers
    if headers.status_code is None or not 200 <= headers.status_code < 300:
        return drop(page, STAGE, Reason.HTTP_STATUS, status=headers.status_code)
    content_type = _header(headers, "Content-Type") or _header(record.headers, "WARC-Identified-Payload-Type")
    page = replace(page, content_type=content_type)
    encodings = _header(headers, "Transfer-Encoding"), _header(headers, "Content-Encoding")
    return _with_body(page, record, encodings, limit)


def _resource(page: Page, record: WarcRecord, limit: int) -> Page | Dropped:
    page = replace(page, content_type=_header(record.headers, "Content-Type"))
    return _with_body(page, record, ("", ""), limit)


def _with_body(page: Page, record: WarcRecord, encodings: tuple[str, str], limit: int) -> Page | Dropped:
    expected = record.content_length
    if page.content_type and not is_html(page.content_type, b""):
        return drop(page, STAGE, Reason.NOT_HTML, content_type=page.content_type)
    if expected > limit:
        return drop(page, STAGE, Reason.TOO_LARGE, bytes_at_least=expected, limit=limit)
    body = record.reader.read()
    if len(body) < expected:
        raise DamagedError(Reason.TRUNCATED, f"{expected - len(body)} bytes of the record are missing")
    try:
        content = decode_body(body, *encodings, limit)
    except OSError as error:
        return drop(page, STAGE, Reason.CORRUPT, encodings=encodings, error=str(error))
    if content and not is_html(page.content_type, content):
        return drop(page, STAGE, Reason.NOT_HTML, content_type="")
    return replace(page, id=content_id(page.origin, content), content=content)


def _crawl(record: WarcRecord) -> str:
    """The name of the crawl, from the fields of a warcinfo record; else the name of the file that it describes."""
    fields = record.reader.read(_MAX_HEADERS).decode("utf-8", "replace").splitlines()
    named = (value.strip() for name, _, value in (line.partition(":") for line in fields) if name.lower() == "ispartof")
    return next(named, "") or _header(record.headers, "WARC-Filename")


def _header(headers: HeaderMap, name: str) -> str:
    return headers.get(name) or ""
