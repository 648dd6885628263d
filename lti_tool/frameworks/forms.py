"""What a leader says of a text as it is put in force."""

from lti_tool.frameworks.bringing_in import Reading
from lti_tool.frameworks.checking import LONGEST_SOURCE, text_problem
from lti_tool.frameworks.framework import RECONSTRUCTION, Framework
from lti_tool.web.forms import Choice, Form, Text

OFFICIAL, OWN = "official", "own"


class PutForm(Form):
    """Title, source, and whether these are the official words."""

    title = Text("Title", max_length=300)
    source = Text(
        "Where the words come from",
        max_length=LONGEST_SOURCE,
        hint="Such as the document’s name, who published it, and when.",
    )
    text = Choice(
        "What is this text?",
        {
            OFFICIAL: "The official text, word for word: pages and prints stop calling it a "
            "placeholder",
            OWN: "Our own wording: pages and prints go on saying that it is not the official text",
        },
    )

    def check_against(self, reading: Reading) -> None:
        """What a file and these answers cannot both be."""
        for name in ("title", "source"):
            field = self[name]
            if not field.errors and (sentence := text_problem(field.data or "")):
                self.problem(name, f"Mend “{field.label.text}”: {sentence}")
        marked = sum(line.item.status == RECONSTRUCTION for line in reading.lines)
        if self.text.data == OFFICIAL and marked:
            self.problem(
                "text",
                f"The file itself calls {marked} of its lines a reconstruction. Empty its column "
                "“Status” if they are official.",
            )


def first_answers(reading: Reading, before: Framework) -> PutForm:
    """The form as it is first shown: what the file says, else the title in force."""
    if reading.is_whole and reading.framework is not None:
        made = reading.framework
        text = OFFICIAL if made.is_official_text else OWN
        return PutForm(data={"title": made.title, "source": made.source, "text": text})
    return PutForm(data={"title": before.title})
