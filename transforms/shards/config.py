"""The settings of the stage `shards`."""

from pydantic import Field

from transforms.settings import Settings


class ShardsConfig(Settings):
    """How large a shard is; the shard of a row is a function of its id and of the component's number of shards."""

    rows: int = Field(20_000, gt=0, description="rows in a shard, on average")
