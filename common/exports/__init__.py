"""Downloads that stream: straight out of PostgreSQL by COPY, as CSV or as a sheet, neither with a live formula.

A download is one SQL statement and its columns; it is never built object by object (peers that do need tens of
thousands of queries and hundreds of megabytes for a register).
"""

from common.exports.csv_file import csv_lines
from common.exports.json_file import json_lines
from common.exports.sheet import write_xlsx, xlsx_file
from common.exports.tables import CODE, DAY, MONEY, NUMBER, TEXT, Column, Table, count, rows, sums, texts

__all__ = [
    "CODE",
    "DAY",
    "MONEY",
    "NUMBER",
    "TEXT",
    "Column",
    "Table",
    "count",
    "csv_lines",
    "json_lines",
    "rows",
    "sums",
    "texts",
    "write_xlsx",
    "xlsx_file",
]
