r"""Renderings without LaTeX, made from our own formulas by KaTeX and MathJax (renderings.json), and hostile ones.

renderings.json: LaTeX → renderer and version → what it writes. The SVG there has no drawings of its glyphs.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from tests.quality.structure import compared
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.extract.kinds import recognise
from transforms.extract.mathml import presentation
from transforms.extract.records_for_tests import nothing  # noqa: F401
