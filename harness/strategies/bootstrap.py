"""Patched `importlib._bootstrap._find_and_load` and `_load_unlocked`.

Private functions, which no tool should have to replace and which give the full picture: what the
proposal would make unnecessary.
"""

import sys

CLAIMS = {"import.start", "import.end", "load.start", "load.end"}


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    find_and_load = bootstrap._find_and_load
    load_unlocked = bootstrap._load_unlocked

    # 3.15 has a keyword besides, for a submodule that a lazy import may not find
    def _find_and_load(name, import_, **options):
        emit("import.start", name)
        try:
            module = find_and_load(name, import_, **options)
        except BaseException as error:
            emit("import.end", name, error)
            raise
        emit("import.end", name, "ok")
        return module

    def _load_unlocked(spec):
        emit("load.start", spec.name)
        try:
            module = load_unlocked(spec)
        except BaseException as error:
            emit("load.end", spec.name, error)
            raise
        emit("load.end", spec.name, "ok")
        return module

    bootstrap._find_and_load = _find_and_load
    bootstrap._load_unlocked = _load_unlocked

    def uninstall():
        bootstrap._find_and_load = find_and_load
        bootstrap._load_unlocked = load_unlocked

    return uninstall
