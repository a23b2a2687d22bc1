"""What an audit hook hears of imports under a candidate, with what there is to say of each argument.

Not a strategy: `harness/src/candidate` adds `EVENTS`, the names that its contract has, and `overlay.py`. What was heard
is told when the program has ended, one event a line; PROTOCOL.md has the words.  Nothing that an event came with is
kept alive until then: who else keeps it would not show.
"""

import sys

CLAIMS = ()


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    imp, ident = sys.modules["_imp"], sys.modules["_thread"].get_ident
    names, heard = vars(bootstrap), []
    spec_type, module_type, dict_of = bootstrap.ModuleSpec, type(sys), object.__getattribute__
    # of a subclass of str its characters, whatever its methods say
    plain, weakly = str.__str__, sys.modules["_weakref"].ref
    # by the address of an object, its number and what tells whether it is still that object
    numbers, kept, count = {}, [], 0
    active = True

    def hook(event, args):
        nonlocal count
        # no call that is not needed: the program may be at the end of its stack
        if not active or event[:6] != "import" and event not in EVENTS:
            return
        modules = sys.modules
        name = plain(args[0]) if args and issubclass(type(args[0]), str) else None
        # a program may have put anything in its place, or taken it away
        module = modules.get(name) if type(modules) is dict and name is not None else None
        owned = None
        if issubclass(type(module), module_type):
            # a module that was never initialised has none
            owned = (dict_of(module, "__dict__") or {}).get("__spec__")
        items = []
        for value in args:
            kind = type(value)
            if value is None or value is True or value is False:
                items.append((str(value),))
                continue
            if issubclass(kind, str):
                items.append(("'", plain(value)))
                continue
            number, still = numbers.get(id(value), (None, None))
            if number is None or still is not None and still() is not value:
                number, count = count, count + 1
                try:
                    still = weakly(value)
                except TypeError:
                    # it cannot be watched, and its address must not become another's
                    still = kept.append(value)
                numbers[id(value)] = number, still
            if kind is spec_type:
                # a loader of the old sort makes a module with a spec of its own
                is_old = not hasattr(type(value.loader), "exec_module") and value.loader is not None
                is_known = owned is not None and (owned is value or not is_old)
                fact = "-" if not is_known else "=" if owned is value else "!"
                own = value.name
                own = plain(own) if issubclass(type(own), str) else type(own).__name__
                items.append(("spec", number, fact, own))
            elif value is sys.path or value is sys.meta_path or value is sys.path_hooks:
                which = "path" if value is sys.path else "meta_path" if value is sys.meta_path else "path_hooks"
                items.append(("sys." + which,))
            elif issubclass(kind, module_type):
                items.append(("module", number, "=" if value is module else "!"))
            else:
                fact = "=" if value is module else "-"
                for finder in sys.meta_path or ():
                    if value is finder and fact == "-":
                        fact = "finder"
                items.append(("object", number, fact, kind.__name__))
        lock = names["_module_locks"].get(name) if name is not None else None
        lock = lock and lock()
        own = ident()
        locked = "m" if lock is not None and lock.owner == own else "-"
        locked = ("g" if imp.lock_held() else "-") + locked
        parent, _, child = (name or "").rpartition(".")
        holder = modules.get(parent) if parent and type(modules) is dict else None
        if issubclass(type(holder), module_type):
            holder = dict_of(holder, "__dict__") or {}
            bound = module is not None and holder.get(child) is module
        else:
            bound = False
        heard.append((own, locked, bound, event, name, items))

    def is_bound(name):
        """Whether the package of a module has it as an attribute by now."""
        modules = sys.modules
        parent, _, child = (name or "").rpartition(".")
        holder = modules.get(parent) if parent and type(modules) is dict else None
        if not issubclass(type(holder), module_type):
            return False
        bound = (dict_of(holder, "__dict__") or {}).get(child)
        return bound is not None and bound is modules.get(name)

    sys.addaudithook(hook)

    def finish():
        nonlocal active
        active = False
        lines = []
        for thread, locked, bound, event, name, items in heard:
            locked += "b" if bound else "l" if is_bound(name) else "-"
            told = ["'" + escaped(it[1]) if it[0] == "'" else words(it) for it in items]
            lines.append("\t".join([str(thread), locked, escaped(event)] + told))
        return "\n".join(lines)

    # it cannot be removed, and is silent since it has told what it heard
    return lambda: None, finish


def words(item):
    return " ".join(escaped(str(part)) for part in item)


def escaped(text):
    """A text without the characters that tell events and arguments apart."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    for character, code in ("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"):
        text = text.replace(character, code)
    return text
