"""The four audit events that gh-149466 proposes, heard by an audit hook in Python.

No CPython raises them yet.  Here they are raised by functions that are laid over those of
`importlib._bootstrap`, under its file's name, so that CPython trims their frames as it does its own.
Nobody hooks imports in this way; it is what tools would use if the proposal were accepted.
"""

import sys

CLAIMS = {"import.start", "import.end", "load.start", "load.end"}

KINDS = {
    "importlib.import_started": "import.start",
    "importlib.import_ended": "import.end",
    "importlib.module_loading": "load.start",
    "importlib.module_loaded": "load.end",
}

OVERLAY = '''
def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib.import_started", name)
    try:
        return _find_and_load(name, import_, **options)
    finally:
        sys.audit("importlib.import_ended", name)


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.module_loading", spec.name, spec)
    try:
        return _load_unlocked(spec)
    finally:
        sys.audit("importlib.module_loaded", spec.name, spec)
'''


def parts_of(function):
    return function.__code__, function.__defaults__, function.__kwdefaults__


def become(function, parts):
    """Makes a function another one, for whoever holds it, by whatever name."""
    function.__code__, function.__defaults__, function.__kwdefaults__ = parts


def lay_over(bootstrap):
    """Redefines the functions as a build would have them; returns what takes that back."""
    function_type = type(lay_over)
    before = {name: bootstrap[name] for name in ("_find_and_load", "_load_unlocked")}
    # a program may have put something in a function's place
    own = [it for it in before.values() if getattr(it, "__globals__", None) is bootstrap]
    parts = list(map(parts_of, own))
    for function in own:
        # for the new one to call
        old = function_type(function.__code__, bootstrap, function.__name__)
        become(old, parts_of(function))
        bootstrap[function.__name__] = old
    exec(compile(OVERLAY, "<frozen importlib._bootstrap>", "exec"), bootstrap)
    for function in own:
        become(function, parts_of(bootstrap[function.__name__]))
        bootstrap[function.__name__] = function

    def take_away():
        for function, was in zip(own, parts):
            become(function, was)
        bootstrap.update(before)

    return take_away


def install(emit):
    take_away = lay_over(vars(sys.modules["_frozen_importlib"]))
    active = True

    def hook(event, args):
        kind = KINDS.get(event)
        if active and kind is not None:
            emit(kind, args[0])

    sys.addaudithook(hook)

    def uninstall():
        nonlocal active
        active = False
        take_away()

    return uninstall
