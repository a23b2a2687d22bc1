"""No hook: `sys.modules` before the program and after it.

IPython's autoreload looks at what is new after each cell, ddtrace's telemetry now and then.  What was
loaded stands in `sys.modules` in the order in which its loading ended; what failed is gone, and what
was loaded a second time is not new.
"""

import sys

CLAIMS = {"load.end"}
# held on to, because a program may bind other objects to these names
issubclass, list, str, type = issubclass, list, str, type


def install(emit):
    modules = sys.modules
    before, plain = set(modules), str.__str__

    def finish():
        for name in list(modules):
            # a key may be any object, and of a type with ways of its own
            name = plain(name) if issubclass(type(name), str) else None
            if name is not None and name not in before:
                emit("load.end", name, "ok")

    return (lambda: None), finish
