"""Whether a snippet computes what it prints, read from its code: `read_code` inside the sandbox, `computed` outside."""

from transforms.execute.origins.reader import read_code
from transforms.execute.origins.reading import Origin, Reading, computed

__all__ = ["Origin", "Reading", "computed", "read_code"]
