"""A replaced `builtins.__import__` that tells "not found" from "failed inside" by the traceback.

The article "Dealing with the Python Import Blackbox" (Armin Ronacher, 2011) walks the traceback of an
ImportError: if one of its frames belongs to the module that was asked for, that module was found and
failed inside.  Flask's loader of extensions (`flask.ext`) walked tracebacks so.
Only outcomes are reported; a statement whose module is there already is no import.
"""

import sys

CLAIMS = {"import.end"}


def install(emit):
    builtins, modules = sys.modules["builtins"], sys.modules
    bound = vars(builtins)
    original = builtins.__import__

    def is_from_inside(error, name):
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_globals.get("__name__") == name:
                return True
            traceback = traceback.tb_next
        return False

    def absolute_name(name, names, level):
        if level == 0:
            return name
        spec = (names or {}).get("__spec__")
        packages = (spec.parent if spec else "").rsplit(".", level - 1)
        if len(packages) < level or not packages[0]:
            return None
        return packages[0] + "." + name if name else packages[0]

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        absolute = absolute_name(name, globals, level)
        if absolute is None or modules.get(absolute) is not None:
            return original(name, globals, locals, fromlist, level)
        try:
            module = original(name, globals, locals, fromlist, level)
        except ImportError as error:
            emit("import.end", absolute, error if is_from_inside(error, absolute) else "not found")
            raise
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
