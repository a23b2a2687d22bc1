"""A finder that is put in front later, and answers.

Who rewrites sources does so: pytest's assertions, typeguard, jaxtyping, editable installations.  Finders
behind it are not asked for what it finds; beartype and typeguard lost to each other in this way
(agronholm/typeguard#230, beartype/beartype#674).
"""

import sys

CLAIMS = set()


def install(emit):
    find_spec = sys.modules["_frozen_importlib_external"].PathFinder.find_spec

    class FinderInFront:
        @staticmethod
        def find_spec(name, path=None, target=None):
            return find_spec(name, path, target)

    sys.meta_path.insert(0, FinderInFront)

    def uninstall():
        if FinderInFront in sys.meta_path:
            sys.meta_path.remove(FinderInFront)

    return uninstall
