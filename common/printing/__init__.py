"""Long tables on paper: our own small PDF writer, since a table laid out by WeasyPrint takes a second for 100 rows."""

from common.printing.sheets import Heading, Paper, print_table

__all__ = ["Heading", "Paper", "print_table"]
