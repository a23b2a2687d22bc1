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
# under importlib's own name, so that CPython trims its frames as it does importlib's
LAID_OVER = compile(OVERLAY, "<frozen importlib._bootstrap>", "exec", dont_inherit=True)


def is_own(value, name, names):
    """Whether this is importlib's function of that name."""
    if type(value) is not type(is_own) or value.__globals__ is not names:
        return False
    code = value.__code__
    is_there = code.co_name == name and code.co_filename == "<frozen importlib._bootstrap>"
    return is_there and code.co_argcount > 0 and not code.co_freevars


def holders(names):
    """What refers to a namespace, with nothing imported to find it out."""
    modules, imp = sys.modules, sys.modules["_imp"]
    before = modules.get("gc", modules)
    if before is not modules:
        # until 3.10 a module that is there would be made anew
        modules["gc"] = None
    gc = imp.create_builtin(sys.modules["_frozen_importlib"].ModuleSpec("gc", None))
    imp.exec_builtin(gc)
    # until 3.10 it has been put there
    if before is modules:
        modules.pop("gc", None)
    else:
        modules["gc"] = before
    return gc.get_referrers(names)


def own_function(name):
    """importlib's function of that name, which a program may have replaced by now."""
    names = vars(sys.modules["_frozen_importlib"])
    if is_own(names.get(name), name, names):
        return names[name]
    return next((it for it in holders(names) if is_own(it, name, names)), None)


def parts_of(function):
    return function.__code__, function.__defaults__, function.__kwdefaults__


def become(function, parts):
    """Makes a function another one, for whoever holds it."""
    function.__code__, function.__defaults__, function.__kwdefaults__ = parts


def lay_over():
    """Redefines importlib's functions as a build would have them; returns what takes that back."""
    bootstrap = vars(sys.modules["_frozen_importlib"])
    found = [(name, own_function(name)) for name in ("_find_and_load", "_load_unlocked")]
    own = {name: function for name, function in found if function is not None}
    originals = [(function, parts_of(function)) for function in own.values()]
    bound = dict(bootstrap)
    for name, function in own.items():
        # for the new one to call
        bootstrap[name] = type(function)(function.__code__, bootstrap, name)
        become(bootstrap[name], parts_of(function))
    exec(LAID_OVER, bootstrap)
    for name, function in own.items():
        become(function, parts_of(bootstrap[name]))
    for name in set(bootstrap) - set(bound):
        del bootstrap[name]
    bootstrap.update(bound)

    def take_away():
        for function, parts in originals:
            become(function, parts)

    return take_away


emitting = None
is_hooked = False


def hook(event, args):
    kind = KINDS.get(event)
    if emitting is not None and kind is not None:
        emitting(kind, args[0])


def install(emit):
    global emitting, is_hooked
    take_away = lay_over()
    emitting = emit
    if not is_hooked:
        # an audit hook stays for ever, so one serves whoever installs this again
        sys.addaudithook(hook)
        is_hooked = True

    def uninstall():
        global emitting
        emitting = None
        take_away()

    return uninstall
