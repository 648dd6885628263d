"""A file that a person takes away, as the answer to a request: its name, its kind, never kept.

Every table that a page shows goes out here, as CSV or as a workbook, under one address that ends
in the form. The link beside the table is the macro `ui.take_away`.
"""

from collections.abc import Sequence

from flask import Response

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.papers.tables import Table, to_csv, to_xlsx

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(body: bytes, name: str, form: str) -> Response:
    """A download with a plain name and the day.

    :param name: in plain letters; it names nobody.
    :param form: csv, docx or xlsx.
    """
    answer = Response(body, content_type=_KINDS[form])
    file_name = f"{name}-{clock.today():%Y-%m-%d}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def as_table_file(tables: Sequence[Table], name: str, form: str) -> Response:
    """Tables as a file. CSV holds one table, so it has the first; a workbook has them all.

    :raises NotFound: the form is neither csv nor xlsx.
    """
    if form == "csv":
        return as_file(to_csv(tables[0]), name, form)
    if form == "xlsx":
        return as_file(to_xlsx(tables), name, form)
    raise NotFound("A table can be taken away as csv or as xlsx.")
