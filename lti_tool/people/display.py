"""Display settings a person keeps: text size, spacing, tint and contrast."""

from collections.abc import Mapping

CHOICES: dict[str, tuple[str, ...]] = {
    "text_size": ("normal", "large", "larger"),
    "spacing": ("normal", "wide"),
    "tint": ("none", "cream", "blue", "green", "pink"),
    "contrast": ("light", "dark", "high"),
}


def read_display(form: Mapping[str, str]) -> dict[str, str]:
    """What was chosen; anything unknown falls back to the first choice."""
    return {
        name: form.get(name, "") if form.get(name, "") in allowed else allowed[0]
        for name, allowed in CHOICES.items()
    }
