"""Says where this interpreter looks for the start-up files of its user, and what it has of its own.

Runs as `python -B -c`, so with `site`, and answers on descriptor 3: what is installed beside the
interpreter may print whatever it likes.
"""

import os
import site
import sys


def own(name):
    """Where a module is that this interpreter imported at start-up without any file of a user."""
    module = sys.modules.get(name)
    return str(getattr(module, "__file__", "")) if module else ""


ANSWER = [
    "on" if site.ENABLE_USER_SITE else "off",
    os.path.relpath(site.getusersitepackages(), os.environ["PYTHONUSERBASE"]),
    own("sitecustomize"),
    own("usercustomize"),
]
os.write(3, "\n".join(ANSWER).encode("utf-8", "surrogateescape"))
