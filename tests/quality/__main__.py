"""`make quality`: what the extractor keeps of real pages, beside its peers on the same pages in the same run."""

import argparse
import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from tests.quality.pages import DATA, EXTRACTORS, real_pages
from tests.quality.report import Row, kinds_table, measure, modes_table, peers_table, renderings_table, sources_table


def main() -> None:
    """Measures all extractors, and prints the tables or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--only", nargs="+", choices=EXTRACTORS, default=list(EXTRACTORS), help="extractors to run")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each N-th page alone")
    args = parser.parse_args()
    if not DATA.is_dir():
        parser.exit(2, f"{DATA} is missing: the quality gate needs the real pages\n")
    rows = measure(real_pages()[:: args.every], args.only)
    if args.json:
        print(json.dumps([as_json(row) for row in rows], indent=1, ensure_ascii=False))
        return
    console = Console(width=None if Console().is_terminal else 80, highlight=False)
    for table in tables(rows):
        console.print(table)
        console.print()


def tables(rows: list[Row]) -> list[Table]:
    return [peers_table(rows), kinds_table(rows), renderings_table(rows), modes_table(rows[0]), sources_table(rows)]


def as_json(row: Row) -> dict[str, object]:
    return asdict(row)


if __name__ == "__main__":
    main()
