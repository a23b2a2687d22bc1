"""Follows a strategy's file and lays a candidate's `bootstrap.py` over importlib before its hook is installed.

Not a strategy: `harness/src/candidate` adds `OVERLAY`, the text, or `None` where the interpreter was built with it.
A function that it redefines stays the object that it is and gets the code of the new one: a build would have that
under every name, and `importlib.util`, `imp` and programs have names of their own for it.
"""

import sys

install_hook = install
FUNCTION = type(lambda: None)
# under importlib's own name, so that CPython trims its frames as it does importlib's
LAID_OVER = OVERLAY and compile(OVERLAY, "<frozen importlib._bootstrap>", "exec", dont_inherit=True)


def parts_of(function):
    return function.__code__, function.__defaults__, function.__kwdefaults__


def become(function, parts):
    """Makes a function another one, for whoever holds it."""
    function.__code__, function.__defaults__, function.__kwdefaults__ = parts


def twin(function):
    """A function that does the same, and goes on doing so."""
    args = function.__globals__, function.__name__, function.__defaults__, function.__closure__
    new = FUNCTION(function.__code__, *args)
    become(new, parts_of(function))
    return new


def plain(new, code):
    """`new` as a function without free variables, which no function can be given."""
    if type(new) is FUNCTION and not new.__closure__:
        return new

    def passes_on(*arguments, _new=new, **options):
        return _new(*arguments, **options)

    names = {"co_name": code.co_name, "co_filename": code.co_filename}
    passes_on.__code__ = passes_on.__code__.replace(**names)
    return passes_on


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


def redefine(names):
    """Executes the overlay in importlib's own namespace; returns what functions were, and those that changed."""
    found = [(name, own_function(name)) for name in set(LAID_OVER.co_names)]
    own = {name: function for name, function in found if function is not None}
    bound = {name: names[name] for name in own if name in names}
    # it takes the old functions by name, and they are to be what they were
    twins = {name: twin(function) for name, function in own.items()}
    names.update(twins)
    exec(LAID_OVER, names)
    changed = []
    for name, function in own.items():
        new = names[name]
        if new is not twins[name]:
            changed.append((function, parts_of(function)))
            become(function, parts_of(plain(new, function.__code__)))
        if name in bound:
            names[name] = bound[name]
        else:
            del names[name]
    return changed


def lay_over():
    """Lays the overlay over importlib; returns what takes it away again."""
    names, builtins = vars(sys.modules["_frozen_importlib"]), sys.modules["builtins"]
    before, statement = dict(names), builtins.__import__
    changed = [] if LAID_OVER is None else redefine(names)
    added = set(names) - set(before)
    others = {name: value for name, value in before.items() if names.get(name) is not value}

    def take_away():
        for function, parts in changed:
            become(function, parts)
        for name in added:
            names.pop(name, None)
        names.update(others)
        builtins.__import__ = statement

    return take_away


def install(emit):
    take_away = lay_over()
    returned = install_hook(emit)
    uninstall, *finish = returned if isinstance(returned, tuple) else (returned,)

    def uninstall_both():
        uninstall()
        take_away()

    return (uninstall_both, *finish) if finish else uninstall_both
