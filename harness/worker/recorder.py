"""The truth: every span of the import system, from inside importlib._bootstrap.

Wraps the four functions that DESIGN calls `import`, `find`, `load` and `exec`. It adds frames to
tracebacks, so it runs in a child of its own and is never compared as a strategy.
"""

import sys

CLAIMS = {
    "import.start",
    "import.end",
    "find.start",
    "find.end",
    "load.start",
    "load.end",
    "exec.start",
    "exec.end",
}


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    originals = {}

    def wrap(function, operation, name_of, found=lambda result: True):
        original = originals[function] = getattr(bootstrap, function)
        start, end = operation + ".start", operation + ".end"

        def recorded(*args, **kwargs):
            name = name_of(args)
            emit(start, name)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                emit(end, name, error)
                raise
            emit(end, name, "ok" if found(result) else "not found")
            return result

        setattr(bootstrap, function, recorded)

    def name_first(args):
        return args[0]

    def spec_first(args):
        return args[0].name

    wrap("_find_and_load", "import", name_first)
    wrap("_find_spec", "find", name_first, found=lambda spec: spec is not None)
    wrap("_load_unlocked", "load", spec_first)
    wrap("_exec", "exec", spec_first)

    def uninstall():
        for function, original in originals.items():
            setattr(bootstrap, function, original)

    return uninstall
