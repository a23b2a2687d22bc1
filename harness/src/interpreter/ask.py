"""Says which Python this is, as `key=value` lines on standard output.

It has to run on whatever calls itself Python, 2.7 and PyPy included, so that those can be named
when they are passed over. Everything that may be missing is asked for with a fallback; an empty
value says that there is none. Bytes other than printable ASCII are percent-encoded, so that no
value can break a line.
"""

import os
import sys

try:
    from sysconfig import get_config_var, get_platform

    get_config_var("SOABI")
except Exception:  # distributions split the standard library up, and this part may not be there

    def get_config_var(name):
        return None

    def get_platform():
        return sys.platform


def magic():
    importlib = sys.modules.get("_frozen_importlib_external")
    return getattr(importlib, "MAGIC_NUMBER", None)


def escape(value):
    if value is None:
        value = ""
    elif isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, bytes):
        value = value.encode("utf-8", "surrogateescape")
    return "".join(chr(b) if 32 <= b < 127 and b != 37 else "%%%02x" % b for b in bytearray(value))


def implementation():
    if hasattr(sys, "implementation"):
        return sys.implementation.name
    return "pypy" if "PyPy" in sys.version else "cpython"


def free_threaded():
    return bool(get_config_var("Py_GIL_DISABLED")) or "t" in getattr(sys, "abiflags", "")


ANSWERS = [
    ("implementation", implementation()),
    ("version", ".".join(str(part) for part in sys.version_info[:3])),
    ("full_version", sys.version.split("\n")[0].strip()),
    ("executable", sys.executable),
    ("cache_tag", getattr(getattr(sys, "implementation", None), "cache_tag", None)),
    ("magic", magic()),
    ("free_threaded", free_threaded()),
    ("gil_enabled", getattr(sys, "_is_gil_enabled", lambda: True)()),
    ("debug", hasattr(sys, "gettotalrefcount")),
    ("shared", bool(get_config_var("Py_ENABLE_SHARED"))),
    ("platform", get_platform()),
    ("can_fork", hasattr(os, "fork")),
    ("soabi", get_config_var("SOABI")),
    ("configure", get_config_var("CONFIG_ARGS")),
    # Last, so that its absence shows an answer that was cut short.
    ("complete", True),
]

sys.stdout.write("".join("%s=%s\n" % (key, escape(value)) for key, value in ANSWERS))
