"""Whether a snippet computes what it prints, read from its code: `read_code` inside the sandbox, `shows` outside."""

from transforms.execute.origins.flow import read_code
from transforms.execute.origins.reading import Origin, Reading, shows

__all__ = ["Origin", "Reading", "read_code", "shows"]
