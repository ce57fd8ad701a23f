"""The settings of the stage `read`."""

from pydantic import Field

from transforms.settings import Settings


class ReadConfig(Settings):
    """What is too large to be read."""

    max_page_bytes: int = Field(10_000_000, gt=0, description="body of a page, after HTTP and WARC are unpacked")
    max_row_bytes: int = Field(100_000_000, gt=0, description="one line of a JSONL file")
