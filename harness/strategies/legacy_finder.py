"""A finder of the kind of PEP 302, with `find_module` alone.

Finders older than Python 3.4 look like this: old copies of six, setuptools' vendored importer, lazy
import libraries.  Python 3.10 and 3.11 warn of them, and from 3.12 on nobody asks them; it is claimed
all the same, because that is what those who still install one believe.
"""

import sys

CLAIMS = {"find.start"}
# held on to, because a program may bind other objects to these names
list, type = list, type


def install(emit):
    class LegacyFinder:
        @staticmethod
        def find_module(name, path=None):
            emit("find.start", name)
            return None

    names = vars(sys)
    sys.meta_path.insert(0, LegacyFinder)

    def uninstall():
        # a program may have put another list in the place of the first one, or what is no list
        finders = names.get("meta_path")
        if type(finders) is list:
            finders[:] = [finder for finder in finders if finder is not LegacyFinder]

    return uninstall
