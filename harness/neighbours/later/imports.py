"""A hook that imports what it needs, in the middle of somebody else's import.

ddtrace imported `ssl` and `urllib3` before gevent could patch them (DataDog/dd-trace-py#506); agents that
report on imports import their transport when the first one comes.
"""

import sys

CLAIMS = set()


def install(emit):
    class ImportingFinder:
        is_busy = False

        @classmethod
        def find_spec(cls, name, path=None, target=None):
            if not cls.is_busy:
                cls.is_busy = True
                try:
                    import colorsys  # small, and nobody's dependency
                finally:
                    cls.is_busy = False

    sys.meta_path.insert(0, ImportingFinder)

    def uninstall():
        if ImportingFinder in sys.meta_path:
            sys.meta_path.remove(ImportingFinder)

    return uninstall
