"""The one form of the gradebook's pages: a tutor's word that a mark is to be taken out."""

from lti_tool.web.forms import Form, Tick


class ClearForm(Form):
    """Taking a mark out of the gradebook cannot be undone there."""

    is_sure = Tick(
        "Take this mark and its feedback out of the gradebook of the course", required=True
    )
