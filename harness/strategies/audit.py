"""The `import` audit event, heard by a hook in Python (PEP 578).

ddtrace's telemetry listened so, and metapathology does; the event is raised before a module is looked
for and says nothing of how it went.
"""

import sys

CLAIMS = {"import.start"}


def install(emit):
    active = True

    def hook(event, args):
        if active and event == "import":
            emit("import.start", args[0])

    sys.addaudithook(hook)

    def uninstall():
        # an audit hook cannot be removed, only be told to keep silent
        nonlocal active
        active = False

    return uninstall
