"""A finder that nobody removes."""

import sys

CLAIMS = set()


def install(emit):
    class Stays:
        @staticmethod
        def find_spec(name, path=None, target=None):
            return None

    sys.meta_path.append(Stays)
    return lambda: None
