"""A finder in front of the meta path that watches and finds nothing.

IBM's import-tracker and metapathology attribute imports so. It is asked before the others, unless
somebody comes in front of it, and never hears what they found.
"""

import sys

CLAIMS = {"find.start"}


def install(emit):
    class WatchingFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", name)
            return None

    sys.meta_path.insert(0, WatchingFinder)

    def uninstall():
        if WatchingFinder in sys.meta_path:
            sys.meta_path.remove(WatchingFinder)

    return uninstall
