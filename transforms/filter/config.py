"""Settings of filter."""

from pydantic import Field

from transforms.settings import Settings


class FilterConfig(Settings):
    """Least values of stored columns. A column that a row came without was never judged: its threshold lets it pass."""

    min_math_score: float = Field(0.8, ge=0, le=1, description="least math score of a text with few formulas")
    formulas_enough: int = Field(
        2, ge=1, description="from so many formulas on, min_math_score_formulas counts instead"
    )
    min_math_score_formulas: float = Field(0.0, ge=0, le=1, description="least math score of a text with formulas")
    languages: tuple[str, ...] = Field((), description="ISO 639-1 codes to keep; empty keeps all")
    min_tokens: int = Field(20, ge=0, description="least number of tokens")
    min_formulas: int = Field(0, ge=0, description="least number of formulas")
