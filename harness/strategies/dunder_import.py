"""A replaced `builtins.__import__`, which tools take for a hook on imports.

import-profiler, profimp and import-watch do so, pydevd while it waits for its targets, and gevent did.
It is called for statements, cached or not, and not for the parents of what they name.
"""

import sys

CLAIMS = {"import.start", "import.end"}


def install(emit):
    builtins = sys.modules["builtins"]
    bound = vars(builtins)
    original = builtins.__import__

    def absolute_name(name, names, level):
        if level == 0:
            return name
        spec = (names or {}).get("__spec__")
        packages = (spec.parent if spec else "").rsplit(".", level - 1)
        if len(packages) < level or not packages[0]:
            return "." * level + name  # the import will fail; this is all there is to say
        return packages[0] + "." + name if name else packages[0]

    # the names of the parameters are part of the protocol: `__import__(name, fromlist=[...])`
    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        absolute = absolute_name(name, globals, level)
        emit("import.start", absolute)
        try:
            module = original(name, globals, locals, fromlist, level)
        except BaseException as error:
            emit("import.end", absolute, error)
            raise
        emit("import.end", absolute, "ok")
        return module

    builtins.__import__ = __import__

    def uninstall():
        if bound.get("__import__") is __import__:
            bound["__import__"] = original

    return uninstall
