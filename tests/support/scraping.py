"""Reading `/metrics` as Prometheus does."""

from dataclasses import dataclass, field

import requests
from prometheus_client.parser import text_string_to_metric_families


@dataclass
class Scraped:
    """The figures of one answer."""

    families: dict[str, str] = field(default_factory=dict)
    """Family name and its type."""
    samples: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def total(self, name: str, **labels: str) -> float:
        """The sum of all samples of this name that carry these labels."""
        return sum(
            value
            for found, its, value in self.samples
            if found == name and labels.items() <= its.items()
        )


def read(text: str) -> Scraped:
    """Read an answer in Prometheus's text format."""
    scraped = Scraped()
    for family in text_string_to_metric_families(text):
        scraped.families[family.name] = family.type
        scraped.samples += [(one.name, one.labels, one.value) for one in family.samples]
    return scraped


def scrape(url: str) -> Scraped:
    """Ask a running tool, on a connection of its own, so that any of its processes may answer."""
    answer = requests.get(f"{url}/metrics", timeout=10)
    assert answer.status_code == 200, answer.text
    return read(answer.text)
