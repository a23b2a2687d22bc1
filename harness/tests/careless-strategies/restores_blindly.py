"""A replaced `__import__` whose uninstall puts back what it found, whoever came since."""

import sys

CLAIMS = {"import.start"}


def install(emit):
    builtins = sys.modules["builtins"]
    before = builtins.__import__

    def __import__(name, *arguments, **keywords):
        emit("import.start", name)
        return before(name, *arguments, **keywords)

    builtins.__import__ = __import__

    def uninstall():
        builtins.__import__ = before

    return uninstall
