"""The settings of the stage `execute`."""

from typing import ClassVar, Literal

from pydantic import Field

from transforms.settings import Settings


class ExecuteConfig(Settings, frozen=True):
    """The limits of one snippet, and whether it is isolated from the machine."""

    VERSION: ClassVar[int] = 2

    sandbox: Literal["auto", "none"] = Field(
        default="auto", description="auto: no run without isolation; none: limits only"
    )
    cpu_seconds: int = Field(default=10, ge=1, le=3600, description="CPU time of a snippet")
    wall_seconds: float = Field(default=30, gt=0, le=7200, description="time on the clock of a snippet")
    memory_bytes: int = Field(default=2**30, ge=2**24, description="memory that a snippet may add to the interpreter's")
    output_bytes: int = Field(default=2**16, ge=1024, description="of stdout and of stderr, each")
    file_bytes: int = Field(default=2**24, ge=0, description="size of one file in the scratch folder")
    scratch_bytes: int = Field(default=2**26, ge=2**16, description="size of the scratch folder, where it is a tmpfs")
    open_files: int = Field(default=64, ge=16, le=256, description="file descriptors of a snippet")
    threads: int = Field(default=64, ge=1, le=10_000, description="threads that a snippet may start")
    octave: str = Field(
        default="octave-cli",
        description="program that runs snippets in `matlab` and `octave`, if it is there; '': none",
    )
    compare_seconds: int = Field(default=5, ge=1, le=600, description="CPU time of one comparison")
