"""One line that says how this hooks imports; `cargo xtask list strategies` prints it.

Then who hooks in this way, and what a reader should know of it.
"""

import sys

# What this hook can see.  It may depend on sys.version_info.
CLAIMS = {"find.start"}


def install(emit):
    """Installs the hook.  Everything of it lives in this function, so that nothing is left behind."""

    class MyFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", name)
            return None

    sys.meta_path.insert(0, MyFinder)

    def uninstall():
        # the program may have rearranged the list
        if MyFinder in sys.meta_path:
            sys.meta_path.remove(MyFinder)

    return uninstall
