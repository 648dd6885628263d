"""The base of every form, with the kinds of field the course needs gathered in one place.

Protection against forged posts is not here; the policy of the route sees to it.
"""

from __future__ import annotations

from typing import Any

import wtforms

from lti_tool.web.cleaning import clean_plain, clean_text, require_length
from lti_tool.web.fields import (
    Choice,
    Choices,
    LongText,
    OwnField,
    SelectChoice,
    Text,
    Tick,
    as_options,
)
from lti_tool.web.figure_fields import Amount, Mark, Whole
from lti_tool.web.time_fields import LONDON, Day, LocalDateTime

__all__ = [
    "LONDON",
    "Amount",
    "Choice",
    "Choices",
    "Day",
    "Form",
    "LocalDateTime",
    "LongText",
    "Mark",
    "SelectChoice",
    "Text",
    "Tick",
    "Whole",
    "as_options",
    "clean_text",
    "require_length",
]


class Form(wtforms.Form):
    """The form that every form of the tool is made from.

    Pass ``request.form`` on POST only; on GET pass ``data=`` or ``obj=``. Give each of two forms
    on one page its own ``prefix``, so that ids stay unique.
    """

    class Meta:
        """How fields are bound: every text field is cleaned, whatever its class."""

        csrf = False
        locales = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind as usual, adding the cleaning filter to text fields that are not ours."""
            kind = unbound_field.field_class
            extra: dict[str, Any] = {}
            if issubclass(kind, wtforms.StringField) and not issubclass(kind, OwnField):
                given = unbound_field.kwargs.get("filters", ())
                extra["filters"] = [clean_plain, *given]
            return unbound_field.bind(form=form, **{**options, **extra})

    def problem(self, name: str, sentence: str) -> None:
        """Add a sentence to a field after validation, e.g. when the database says no."""
        field = self[name]
        field.errors = [*field.errors, sentence]
