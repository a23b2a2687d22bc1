"""Doubles the time of an import at least."""

import sys

CLAIMS = set()


def install(emit):
    now = emit.__self__.now

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            end = now() + 200_000
            while now() < end:
                pass

    sys.meta_path.insert(0, Finder)
    return lambda: None
