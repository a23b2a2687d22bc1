"""`builtins.__import__` replaced later, and put back without a look.

import-profiler, pydevd and gevent replaced it.  What stood there when it was replaced is called, and is
put back in the end, whether its owner has gone meanwhile or not.
"""

import sys

CLAIMS = set()


def install(emit):
    builtins = sys.modules["builtins"]
    before = builtins.__import__

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        return before(name, globals, locals, fromlist, level)

    builtins.__import__ = __import__

    def uninstall():
        builtins.__import__ = before

    return uninstall
