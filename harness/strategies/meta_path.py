"""A finder in front of the meta path that watches and finds nothing."""

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
