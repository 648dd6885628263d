"""How a long-lived process looks for garbage."""

import gc

_NEW_OBJECTS = 20_000
_YOUNGER_LOOKS = 20


def leave_what_is_loaded() -> None:
    """Call it when everything is loaded, and before a process forks.

    What an application is made of stays for good. Python's full collections need not walk it again
    and again: they took 150 ms of every second or third large page. Frozen before it is forked, it
    stays shared between the processes too. And a request makes some hundred objects that refer to
    one another: to look for garbage after every 700 new ones, as Python does unasked, took a
    quarter of a launch.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _YOUNGER_LOOKS, _YOUNGER_LOOKS)
