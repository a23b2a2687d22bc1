"""A hook that raises, at every second module that it is asked for.

A hook of MLflow's made llama_index impossible to import (mlflow/mlflow#13960); one hook that raised
kept ddtrace's other hooks from running (DataDog/dd-trace-py#19786).
"""

import sys

CLAIMS = set()


def install(emit):
    asked = 0

    class RaisingFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            nonlocal asked
            asked += 1
            if asked % 2 == 0:
                raise RuntimeError("the hook for " + name + " failed")

    sys.meta_path.insert(0, RaisingFinder)

    def uninstall():
        if RaisingFinder in sys.meta_path:
            sys.meta_path.remove(RaisingFinder)

    return uninstall
