"""A hook that is built and never installed: what it takes to define one, and nothing else.

It is a control and no strategy.  Its untimed part does more than any strategy's: it defines forty functions
and a class besides what `audit`, `meta_path` and `bootstrap` allocate.  None of that is ever called, so
that its time differs from none's only by what the measurement makes of such a difference.
"""

import sys

CLAIMS = set()


def install(emit):
    definitions = "def f%d(event, args=(), *, name=None):\n    return event, args, name, %d\n"
    names = {}
    for number in range(40):
        exec(definitions % (number, number), names)
    bootstrap = sys.modules["_frozen_importlib"]
    find_and_load, load_unlocked = bootstrap._find_and_load, bootstrap._load_unlocked

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", name)
            return None

    def hook(event, args):
        if event == "import":
            emit("import.start", args[0])

    def patched(name, import_, **options):
        emit("import.start", name)
        return find_and_load(name, import_, **options)

    def loaded(spec):
        emit("load.start", spec.name)
        return load_unlocked(spec)

    held = [names, Finder, hook, patched, loaded]
    return held.clear
