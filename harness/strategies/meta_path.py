"""A finder in front of the meta path that watches and finds nothing.

IBM's import-tracker and metapathology attribute imports so. It is asked before the others, unless
somebody comes in front of it, and never hears what they found.
"""

import sys

CLAIMS = {"find.start"}
# held on to, because a program may bind other objects to these names
list, type = list, type


def install(emit):
    class WatchingFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", name)
            return None

    names = vars(sys)
    sys.meta_path.insert(0, WatchingFinder)

    def uninstall():
        # a program may have put another list in the place of the first one, or what is no list
        finders = names.get("meta_path")
        if type(finders) is list:
            finders[:] = [finder for finder in finders if finder is not WatchingFinder]

    return uninstall
