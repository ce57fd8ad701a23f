"""The base of every stage's configuration."""

from typing import Any, ClassVar

from pydantic import BaseModel


class Settings(BaseModel, frozen=True, extra="forbid"):
    """Immutable settings of one stage; unknown keys and values out of range raise pydantic's `ValidationError`.

    `VERSION` grows when the stage's output changes for the same settings. `SPEED` names the settings that change
    only how fast the output comes or where it comes from: they are no part of a fingerprint.
    """

    VERSION: ClassVar[int] = 1
    SPEED: ClassVar[frozenset[str]] = frozenset()

    def identity(self) -> dict[str, Any]:
        """The settings that decide the output, as JSON values."""
        return self.model_dump(mode="json", exclude=set(self.SPEED))
