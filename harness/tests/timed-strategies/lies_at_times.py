"""Reports one name wrongly in about a third of all processes."""

import sys

CLAIMS = {"find.start"}


def install(emit):
    lies = sys.modules["posix"].getpid() % 3 == 0

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", "lie" if lies and name.endswith(".m7") else name)

    sys.meta_path.insert(0, Finder)
    return lambda: None
