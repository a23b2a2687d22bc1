"""Follows a strategy's file and lays a candidate's `bootstrap.py` over importlib before its hook is installed.

Not a strategy: `harness/src/candidate` adds `OVERLAY`, the text, or `None` where the interpreter was built with it.
"""

import sys

install_hook = install


def lay_over():
    """Executes the overlay in importlib's own namespace; returns what takes it away again."""
    names, builtins = vars(sys.modules["_frozen_importlib"]), sys.modules["builtins"]
    before, statement = dict(names), builtins.__import__
    if OVERLAY is not None:
        # under importlib's own name, so that CPython trims its frames as it does importlib's
        exec(compile(OVERLAY, "<frozen importlib._bootstrap>", "exec"), names)
    added = set(names) - set(before)

    def take_away():
        for name in added:
            del names[name]
        names.update(before)
        builtins.__import__ = statement

    return take_away


def install(emit):
    take_away = lay_over()
    returned = install_hook(emit)
    uninstall, *finish = returned if isinstance(returned, tuple) else (returned,)

    def uninstall_both():
        uninstall()
        take_away()

    return (uninstall_both, *finish) if finish else uninstall_both
