"""An audit hook that is never told to keep silent."""

import sys

CLAIMS = {"import.start"}


def install(emit):
    def hook(event, args):
        if event == "import":
            emit("import.start", args[0])

    sys.addaudithook(hook)
    return lambda: None
