"""Reports the events of a candidate as a strategy does: for scripts that show what is wrong without Tollgate.

Not a strategy: `harness/src/candidate` adds `KINDS`, what each event stands for, `CLAIMS`, and `overlay.py`.
"""

import sys


def install(emit):
    active = True

    def hook(event, args):
        start, end, place = KINDS.get(event, (None, None, None))
        if not active or not args or start is end is None:
            return
        is_end = start is None if place is None else args[place : place + 1] == (True,)
        emit(end if is_end else start, args[0])

    sys.addaudithook(hook)

    def uninstall():
        nonlocal active
        active = False

    return uninstall
