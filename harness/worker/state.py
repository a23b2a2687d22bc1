"""What a program leaves behind and could see, told in lines that can be compared.

Compiled together with `worker.py`, after `asking.py`.  It describes values by their types and names, and runs
no code of theirs: a lazy module stays lazy, and an object that poses as a module is left alone.
"""

import sys

BOOTSTRAP = sys.modules["_frozen_importlib"]
EXTERNAL = sys.modules["_frozen_importlib_external"]
# Held on to, because a program may put anything in their place.
SPEC, NAMESPACE_PATH = BOOTSTRAP.ModuleSpec, EXTERNAL._NamespacePath
names_of_spec, names_of_path = [vars(kind)["__dict__"].__get__ for kind in (SPEC, NAMESPACE_PATH)]
WARNINGS = vars(sys.modules["_warnings"])
MONITORING = vars(sys.monitoring) if "monitoring" in SYS else {}
get_profile, get_trace = sys.getprofile, sys.gettrace
get_tool = MONITORING.get("get_tool")
# The names of modules in which hooks replace some, with what they stand for before anything has run.
PATCHED = [
    (module.__name__, vars(module), dict(vars(module)))
    for module in (sys.modules["builtins"], BOOTSTRAP, EXTERNAL)
]


# importlib's functions, with the code that hooks may change.
code_of_function = FUNCTION.__dict__["__code__"].__get__
CODES = [
    (name, value, value.__code__) for name, value in vars(BOOTSTRAP).items() if type(value) is FUNCTION
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
        filters = WARNINGS.get("filters")
        if is_a(filters, list):
            list.insert(filters, 0, ("default", self, Warning, None, 0))


def notes_of(error):
    """What was added to an exception by `add_note()`, and whatever else stands there."""
    notes = attribute(error, "__notes__")
    if notes is ABSENT:
        return []
    told = items(notes)
    return ["no list: " + told_value(notes)] if told is None else list(map(text, told))


def context_of(error):
    """What an exception came from, one line each: `cause` (`raise … from`) or `context`."""
    lines, seen = [], {id(error)}
    while True:
        cause = cause_of(error)
        relation = "cause" if cause is not None else "context"
        if cause is None and not hides_context(error):
            cause = context_behind(error)
        error = cause
        if error is None or id(error) in seen:
            return lines
        seen.add(id(error))
        lines.append("%s %s: %r" % (relation, type_name(error), text(error)))


def frames_of(error):
    """The frames that an exception's traceback shows, but for the first, which is the worker's own."""
    traceback, frames = traceback_of(error), []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places = exact(code.co_filename), traceback.tb_lineno or 0, exact(code.co_name)
        frames.append("%s:%d %s" % places)
        traceback = traceback.tb_next
    return frames[1:]


def spec_of(spec, look=entry):
    """The fields of a module's spec."""
    if spec is None:
        return "None"
    kind, told = type(spec), []
    names = names_of_spec(spec) if kind is SPEC else {}
    for key in ("name", "loader", "origin", "loader_state", "submodule_search_locations"):
        value = look(names, key, None)
        if value is not None:
            told.append(key + "=" + (described(value) if key == "loader" else told_value(value)))
    return exact(qualname_of_type(kind)) + "(" + ", ".join(told) + ")"


def told_value(value):
    kind = type(value)
    if kind is str or kind is bytes:
        return repr(value)
    if kind is int:
        # it may have more digits than may be shown
        return ask(repr, value, instead="int")
    if kind is NAMESPACE_PATH:
        # the entries of a namespace package's path are computed anew when one asks for them
        value = entry(names_of_path(value), "_path", value)
    if type(value) is list:
        shown = ", ".join([repr(text(item)) for item in value])
        return "%s %s" % (exact(qualname_of_type(kind)), shown)
    return described(value)


def attributes_of(modules, known):
    """The import-related attributes of every module but those `known`: `module attribute value`."""
    lines = []
    for name in list(modules):
        # nothing is asked of a known module, for that would write to memory that is its zygote's
        if type(name) is not str or name in known:
            continue
        try:
            lines += attributes_under(name, modules, dict.get)
        except BaseException:
            # some key raises when it is compared; looking around it takes longer
            lines += attributes_under(name, modules, entry)
    return lines


def attributes_under(name, modules, look):
    module = look(modules, name, ABSENT)
    # made without its __init__ a module has no names, until 3.10
    names = names_of_module(module) if issubclass(type(module), MODULE) else None
    if names is None:
        return ["%s is %s" % (name, "gone" if module is ABSENT else described(module))]
    lines = []
    for key in ("__name__", "__package__", "__file__", "__cached__", "__path__"):
        value = look(names, key, ABSENT)
        if value is not ABSENT:
            lines.append(name + " " + key + " " + told_value(value))
    value = look(names, "__loader__", ABSENT)
    if value is not ABSENT:
        lines.append(name + " __loader__ " + described(value))
    value = look(names, "__spec__", ABSENT)
    if value is not ABSENT:
        lines.append(name + " __spec__ " + spec_of(value, look))
    parent, _, child = name.rpartition(".")
    holder = look(modules, parent, None) if parent else None
    if issubclass(type(holder), MODULE):
        bound = look(names_of_module(holder) or {}, child, ABSENT)
        told = "itself" if bound is module else "absent" if bound is ABSENT else "another"
        lines.append(name + " in its parent: " + told)
    return lines


class State:
    """What of the interpreter's import state hooks change, as it is when this is made."""

    OBJECTS = ("modules", "meta_path", "path", "path_hooks", "path_importer_cache")

    def __init__(self):
        self.objects = [entry(SYS, name) for name in self.OBJECTS]

    def lines(self, has_same_items):
        """The state now; of objects and names that others may replace, what was replaced."""
        lines = [
            "sys.meta_path holds %s" % listed(entry(SYS, "meta_path")),
            "sys.path_hooks holds %s" % listed(entry(SYS, "path_hooks")),
            "sys.path_importer_cache holds %s" % kinds_in(entry(SYS, "path_importer_cache")),
            "sys.getprofile() is %s" % described(get_profile()),
            "sys.gettrace() is %s" % described(get_trace()),
        ]
        for name, before in zip(self.OBJECTS, self.objects):
            if entry(SYS, name) is not before:
                lines.append("sys.%s is another object" % name)
        for module, now, before in PATCHED:
            if not has_same_items(before, now):
                lines.extend(replaced(module, now, before))
        for name, function, code in CODES:
            if code_of_function(function) is not code:
                lines.append("importlib._bootstrap.%s has other code" % name)
        tools = [get_tool(tool) for tool in range(6)] if get_tool else []
        lines.extend("sys.monitoring has the tool %s" % named(tool) for tool in tools if tool is not None)
        return lines


def listed(values):
    """What is in a list that a program may have replaced by anything."""
    told = items(values)
    return described(values) if told is None else ", ".join(map(described, told))


def kinds_in(cache):
    """What sorts of values a dict has that a program may have replaced by anything."""
    if not is_a(cache, dict):
        return described(cache)
    return ", ".join(sorted({described(value) for value in list(dict.values(cache))}))


# What `import importlib` sets in the modules that it takes over: that it was imported is no news.
TAKEN_OVER = {"__name__", "__package__", "__file__"}
# What it calls them then; they are told by one name, whoever has imported it.
NAMES = {
    "_frozen_importlib": "importlib._bootstrap",
    "_frozen_importlib_external": "importlib._bootstrap_external",
}


def replaced(module, now, before):
    own = [key for key in now if type(key) is str]
    for name in sorted(set(before).union(own) - TAKEN_OVER):
        value, original = entry(now, name), entry(before, name)
        if value is not original:
            told = "gone" if value is ABSENT else described(value)
            yield "%s.%s is %s" % (NAMES.get(module, module), name, told)
