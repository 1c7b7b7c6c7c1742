"""When Python looks for garbage under the desk: not while it starts, later seldom and not in what stays."""

import gc

SELDOM = 2_000, 5, 5


def put_off() -> None:
    """Look for none until `take_up`: nearly all that a start makes stays, and each look goes through it."""
    gc.disable()


def take_up() -> None:
    """Look again, if that was put off, but never more in what exists by now."""
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()
