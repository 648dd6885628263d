"""Runs axe on a page and in its frames.

axe reaches no frame of another site by itself: it is put into each frame and asked there.
"""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Frame, Page

_IS_STILL = """() => Promise.all(
  document.getAnimations().map(one => one.finished.catch(() => null)))"""
_RUN = """async without => {
  SCRIPT;
  const rules = Object.fromEntries(without.map(name => [name, {enabled: false}]));
  return (await axe.run({iframes: false, resultTypes: ['violations'], rules})).violations;
}"""
_ALONE = _RUN.replace("SCRIPT", "if (!window.axe) return null")
_WITH_SCRIPT = _RUN.replace("SCRIPT", AXE_SCRIPT)
"""In one go each: between two steps a page may have gone on to the next, which has no axe."""
_AS_IT_STANDS = """() => [
  document.documentElement.outerHTML, innerWidth, innerHeight, scrollX, scrollY].join()"""
_MOST_TRIES = 5
_around_and_clean: set[str] = set()
"""Pages around a frame of ours in which axe found nothing, as they stood: such a page stays while
we look at one page after another within it."""


def _look(frame: Frame, without: Sequence[str]) -> list[str]:
    """What axe finds in a frame; begun again where the frame went on to its next page meanwhile."""
    tries = 1
    while True:
        try:
            return _find(frame, without)
        except Error as error:
            if "context was destroyed" not in str(error) or tries == _MOST_TRIES:
                raise
            tries += 1


def _find(frame: Frame, without: Sequence[str]) -> list[str]:
    frame.wait_for_load_state()
    frame.evaluate(_IS_STILL)
    around = frame.evaluate(_AS_IT_STANDS) if frame.child_frames else None
    if around in _around_and_clean:
        return []
    violations = frame.evaluate(_ALONE, without)
    if violations is None:
        violations = frame.evaluate(_WITH_SCRIPT, without)
    found = [
        f"{violation['id']}: {node['target']} {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    if around is not None and not found:
        _around_and_clean.add(around)
    return found


def axe_findings(page: Page, without: Sequence[str] = ()) -> list[str]:
    """Rule, place and piece of the page for all that axe finds; nothing where all is well.

    Waits until the page and its frames are whole and nothing moves on them any more.

    :param without: rules not to look by.
    """
    return [found for frame in page.frames for found in _look(frame, without)]
