"""No hook: `sys.modules` before the program and after it.

IPython's autoreload looks at what is new after each cell, ddtrace's telemetry now and then.  What was
loaded stands in `sys.modules` in the order in which its loading ended; what failed is gone, and what
was loaded a second time is not new.
"""

import sys

CLAIMS = {"load.end"}


def install(emit):
    modules = sys.modules
    before = set(modules)

    def finish():
        for name in list(modules):
            if isinstance(name, str) and name not in before:
                emit("load.end", name, "ok")

    return (lambda: None), finish
