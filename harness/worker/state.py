"""What a program leaves behind and could see, told in lines that can be compared.

Compiled together with `worker.py`, before it.  It describes values by their types and names, and runs
no code of theirs: a lazy module stays lazy, and an object that poses as a module is left alone.
"""

import sys

MODULE = type(sys)
ABSENT = object()
BOOTSTRAP = sys.modules["_frozen_importlib"]
EXTERNAL = sys.modules["_frozen_importlib_external"]
# Modules whose names hooks replace, with what the names stand for before anything has run.
PATCHED = [
    (module, dict(vars(module))) for module in (sys.modules["builtins"], BOOTSTRAP, EXTERNAL)
]


def text(value):
    try:
        return str(value)
    except BaseException as error:
        return "<str() raised %s>" % type(error).__name__


def described(value):
    """What a value is, without an address: the name of a function or class, else its type's."""
    is_named = issubclass(type(value), (type, type(text), type(len)))
    return value.__qualname__ if is_named else type(value).__qualname__


# importlib's functions, with the code that hooks may change.
CODES = [
    (name, value, value.__code__)
    for name, value in vars(BOOTSTRAP).items()
    if type(value) is type(described)
]


class WarningsSeen:
    """A filter of warnings that fits none and remembers the text of each that it is asked about."""

    def __init__(self):
        self.texts = []

    def __repr__(self):
        # a program that shows its filters shows the same each time
        return "<Tollgate's, which fits none>"

    def match(self, message):
        self.texts.append(text(message))
        return False

    def install(self):
        filters = sys.modules["_warnings"].filters
        filters.insert(0, ("default", self, Warning, None, 0))


def context_of(error):
    """What an exception came from, one line each: `cause` (`raise … from`) or `context`."""
    lines, seen = [], {id(error)}
    while True:
        relation = "cause" if error.__cause__ is not None else "context"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is None or id(error) in seen:
            return lines
        seen.add(id(error))
        lines.append("%s %s: %r" % (relation, type(error).__name__, text(error)))


def spec_of(spec):
    """The fields of a module's spec."""
    if spec is None:
        return "None"
    names = vars(spec) if type(spec) is BOOTSTRAP.ModuleSpec else {}
    told = [
        "%s=%s" % (key, described(names[key]) if key == "loader" else told_value(names[key]))
        for key in ("name", "loader", "origin", "loader_state", "submodule_search_locations")
        if names.get(key) is not None
    ]
    return "%s(%s)" % (type(spec).__qualname__, ", ".join(told))


def told_value(value):
    if type(value) in (str, bytes, int):
        return repr(value)
    # the entries of a namespace package's path are computed anew when one asks for them
    entries = vars(value).get("_path") if type(value) is EXTERNAL._NamespacePath else value
    if type(entries) is list:
        return "%s %s" % (type(value).__qualname__, ", ".join(map(repr, map(text, entries))))
    return described(value)


def attributes_of(modules, known):
    """The import-related attributes of every module but those `known`: `module attribute value`."""
    lines = []
    for name in list(modules):
        # nothing is asked of a known module, for that would write to memory that is its zygote's
        if type(name) is not str or name in known:
            continue
        module = modules[name]
        if not issubclass(type(module), MODULE):
            lines.append("%s is %s" % (name, described(module)))
            continue
        names = object.__getattribute__(module, "__dict__")
        for key in ("__name__", "__package__", "__file__", "__cached__", "__path__"):
            if key in names:
                lines.append("%s %s %s" % (name, key, told_value(names[key])))
        if "__loader__" in names:
            lines.append("%s __loader__ %s" % (name, described(names["__loader__"])))
        if "__spec__" in names:
            lines.append("%s __spec__ %s" % (name, spec_of(names["__spec__"])))
        parent, _, child = name.rpartition(".")
        holder = modules.get(parent)
        if parent and issubclass(type(holder), MODULE):
            bound = object.__getattribute__(holder, "__dict__").get(child, ABSENT)
            told = "itself" if bound is module else "absent" if bound is ABSENT else "another"
            lines.append("%s in its parent: %s" % (name, told))
    return lines


class State:
    """What of the interpreter's import state hooks change, as it is when this is made."""

    OBJECTS = ("modules", "meta_path", "path", "path_hooks", "path_importer_cache")

    def __init__(self):
        self.objects = [getattr(sys, name) for name in self.OBJECTS]

    def lines(self, has_same_items):
        """The state now; of objects and names that others may replace, what was replaced."""
        finders = {described(finder) for finder in sys.path_importer_cache.values()}
        lines = [
            "sys.meta_path holds %s" % listed(sys.meta_path),
            "sys.path_hooks holds %s" % listed(sys.path_hooks),
            "sys.path_importer_cache holds %s" % ", ".join(sorted(finders)),
            "sys.getprofile() is %s" % described(sys.getprofile()),
            "sys.gettrace() is %s" % described(sys.gettrace()),
        ]
        for name, before in zip(self.OBJECTS, self.objects):
            if getattr(sys, name, ABSENT) is not before:
                lines.append("sys.%s is another object" % name)
        for module, before in PATCHED:
            if not has_same_items(before, vars(module)):
                lines.extend(replaced(module, before))
        for name, function, code in CODES:
            if function.__code__ is not code:
                lines.append("importlib._bootstrap.%s has other code" % name)
        monitoring = getattr(sys, "monitoring", None)
        tools = [monitoring.get_tool(tool) for tool in range(6)] if monitoring else []
        lines.extend("sys.monitoring has the tool %s" % tool for tool in tools if tool)
        return lines


def listed(values):
    """What is in a list that a program may have replaced by anything."""
    return ", ".join(map(described, values)) if type(values) is list else described(values)


def replaced(module, before):
    after = vars(module)
    for name in sorted(set(before) | set(after)):
        value = after.get(name, ABSENT)
        if value is not before.get(name, ABSENT):
            told = "gone" if value is ABSENT else described(value)
            yield "%s.%s is %s" % (module.__name__, name, told)
