"""What an audit hook hears of imports under a candidate, with what there is to say of each argument.

Not a strategy: `harness/src/candidate` adds `EVENTS`, the names that its contract has, and `overlay.py`. What was heard
is told when the program has ended, one event a line; PROTOCOL.md has the words.  Nothing that an event came with is
kept alive until then: who else keeps it would not show.
"""

import sys

CLAIMS = frozenset()


def install(emit):
    bootstrap, system = sys.modules["_frozen_importlib"], vars(sys)
    held, ident = sys.modules["_imp"].lock_held, sys.modules["_thread"].get_ident
    own_number = emit.__self__.thread
    names, heard = vars(bootstrap), []
    spec_type, module_type = bootstrap.ModuleSpec, type(sys)
    names_of_module = module_type.__dict__["__dict__"].__get__
    name_of_type = type.__dict__["__name__"].__get__
    # of a subclass of str its characters, whatever its methods say
    plain, weakly = str.__str__, sys.modules["_weakref"].ref
    # by the address of an object, its number and what tells whether it is still that object
    numbers, kept, count = {}, [], 0
    lists = ("path", "meta_path", "path_hooks")
    active = True

    # no call of a function in Python: the program may be at the end of its stack
    def hook(event, args):
        nonlocal count
        if not active or event[:6] != "import" and event not in EVENTS:
            return
        name = plain(args[0]) if args and issubclass(type(args[0]), str) else None
        items, locked, bound = [], "--", False
        try:
            modules, finders = system.get("modules"), system.get("meta_path")
            # a program may have put anything in its place, or taken it away
            modules = modules if type(modules) is dict else {}
            module = modules.get(name) if name is not None else None
            is_module = issubclass(type(module), module_type)
            # until 3.10 a module that was made without its __init__ has no names
            owned = (names_of_module(module) or {}).get("__spec__") if is_module else None
            for value in args:
                kind = type(value)
                if value is None or value is True or value is False:
                    items.append((str(value),))
                    continue
                if issubclass(kind, str):
                    items.append(("'", plain(value)))
                    continue
                which = [it for it in lists if value is system.get(it)]
                if which:
                    items.append(("sys." + which[0],))
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
                    own = vars(value).get("name")
                    own = plain(own) if issubclass(type(own), str) else name_of_type(type(own))
                    items.append(("spec", number, fact, own))
                elif issubclass(kind, module_type):
                    items.append(("module", number, "=" if value is module else "!"))
                else:
                    fact = "=" if value is module else "-"
                    for finder in finders if type(finders) is list else ():
                        if value is finder and fact == "-":
                            fact = "finder"
                    items.append(("object", number, fact, name_of_type(kind)))
            lock = names["_module_locks"].get(name) if name is not None else None
            lock = lock and lock()
            locked = "m" if lock is not None and lock.owner == ident() else "-"
            locked = ("g" if held() else "-") + locked
            parent, _, child = (name or "").rpartition(".")
            holder = modules.get(parent) if parent else None
            if module is not None and issubclass(type(holder), module_type):
                bound = (names_of_module(holder) or {}).get(child) is module
        except Exception:
            # what the program has put there cannot be asked: there is nothing to compare with
            for value in args[len(items) :]:
                items.append(("object", -1, "-", name_of_type(type(value))))
        heard.append((own_number(), locked, bound, event, name, items))

    def is_bound(name):
        """Whether the package of a module has it as an attribute by now."""
        modules = system.get("modules")
        parent, _, child = (name or "").rpartition(".")
        holder = modules.get(parent) if parent and type(modules) is dict else None
        if not issubclass(type(holder), module_type):
            return False
        bound = (names_of_module(holder) or {}).get(child)
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
    """A text without the characters that tell events and arguments apart.

    A surrogate becomes an escape last, when the text's own backslashes have been doubled.
    """
    for character, code in ("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"):
        text = text.replace(character, code)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
