"""Follows a strategy's file and lays a candidate's `bootstrap.py` over importlib before its hook is installed.

Not a strategy: `harness/src/candidate` adds `OVERLAY`, the text, or `None` where the interpreter was built with it.
"""

import sys

install_hook = install

# What takes functions of `importlib._bootstrap` by name; of a build they would have the candidate's.
TAKERS = ("importlib", "importlib.util")


def pass_on(old, new):
    """Replaces what these modules have taken, where it has changed."""
    for module in filter(None, map(sys.modules.get, TAKERS)):
        names = vars(module)
        for name in old.keys() & new.keys() & names.keys():
            if old[name] is not new[name] and names[name] is old[name]:
                names[name] = new[name]


def lay_over():
    """Executes the overlay in importlib's own namespace; returns what takes it away again."""
    names, builtins = vars(sys.modules["_frozen_importlib"]), sys.modules["builtins"]
    before, statement = dict(names), builtins.__import__
    if OVERLAY is not None:
        # under importlib's own name, so that CPython trims its frames as it does importlib's
        exec(compile(OVERLAY, "<frozen importlib._bootstrap>", "exec"), names)
    added, after = set(names) - set(before), dict(names)
    pass_on(before, after)

    def take_away():
        pass_on(after, before)
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
