"""A replaced `builtins.__import__` without Python code in it.

No tool that we know of does so. It stands here for what the Python form would cost and show at best:
no frame in any traceback, and the same blind spots.
"""

import sys

CLAIMS = {"import.start", "import.end"}


def install(emit):
    builtins = sys.modules["builtins"]
    bound = vars(builtins)
    original = builtins.__import__
    replaced = builtins.__import__ = emit.__self__.Import(original)

    def uninstall():
        if bound.get("__import__") is replaced:
            bound["__import__"] = original

    return uninstall
