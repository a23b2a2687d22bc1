"""Ends the process at the second module that is looked for."""

import sys

CLAIMS = {"find.start"}


def install(emit):
    seen = []

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            seen.append(name)
            if len(seen) == 2:
                sys.modules["posix"]._exit(3)

    sys.meta_path.insert(0, Finder)
    return lambda: None
