"""An audit hook that refuses all hooks after it.

PEP 578 has `sys.addaudithook` raise an event for this very purpose, and security monitors use it.  A
RuntimeError is passed over in silence: who adds a hook in vain is not told.
"""

import sys

CLAIMS = set()


def install(emit):
    active = True

    def hook(event, args):
        if active and event == "sys.addaudithook":
            raise RuntimeError("no further audit hooks")

    sys.addaudithook(hook)

    def uninstall():
        nonlocal active
        active = False

    return uninstall
