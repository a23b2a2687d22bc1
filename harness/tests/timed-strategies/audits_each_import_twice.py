"""A finder that raises two audit events for each module."""

import sys

CLAIMS = set()


def install(emit):
    audit = sys.audit

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            audit("tollgate.import")
            audit("tollgate.import")

    sys.meta_path.insert(0, Finder)
    return lambda: None
