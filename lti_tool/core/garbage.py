"""How a long-lived process looks for garbage, and where it takes memory from."""

import ctypes
import gc

_NEW_OBJECTS = 20_000
_YOUNGER_LOOKS = 20
_LOOKS_BEFORE_A_FULL_ONE = 1
"""A full one comes after some 4,000 requests then, and takes milliseconds."""
_ARENAS_AT_MOST = -8
"""`M_ARENA_MAX` of the C library's `malloc.h`."""


def share_one_heap() -> None:
    """Let all threads of this process take memory from one heap; call it before there are any.

    The C library of Linux gives each thread a heap of its own, so that they need not wait for one
    another. Ours take turns anyway, and what a thread that rarely has the turn once took is kept in
    its heap for ever: a process grew for as long as it lived. Elsewhere this does nothing.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_ARENAS_AT_MOST, 1)


def leave_what_is_loaded() -> None:
    """Call it when everything is loaded, and before a process forks.

    What an application is made of stays for good. Python's full collections need not walk it again
    and again: they took 150 ms of every second or third large page. Frozen before it is forked, it
    stays shared between the processes too. And a request makes some hundred objects that refer to
    one another: to look for garbage after every 700 new ones, as Python does unasked, took a
    quarter of a launch.

    Collected once more when frozen, since Python puts a full look off until what is new comes to a
    quarter of what the last one found: of all that was loaded. What a look met by chance while a
    request was using it stayed for ever then.
    """
    gc.collect()
    gc.freeze()
    gc.collect()
    gc.set_threshold(_NEW_OBJECTS, _YOUNGER_LOOKS, _LOOKS_BEFORE_A_FULL_ONE)
