"""A hook that imports the very module that it is asked for.

Hooks that look at what a module will be do so, and have it executed before its own import gets that far;
`python -m` warns of it (python/cpython#112578).  The import goes on and loads the module again.
"""

import importlib
import sys

CLAIMS = set()


def install(emit):
    busy = set()

    class EagerFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name in busy:
                return
            busy.add(name)
            try:
                importlib.import_module(name)
            except ImportError:
                pass
            finally:
                busy.discard(name)

    sys.meta_path.insert(0, EagerFinder)

    def uninstall():
        if EagerFinder in sys.meta_path:
            sys.meta_path.remove(EagerFinder)

    return uninstall
