"""What an audit hook hears of imports under a candidate, with what there is to say of each argument.

Not a strategy: `harness/src/candidate` adds `EVENTS`, the names that its contract has, and `overlay.py`. What was heard
is told when the program has ended, one event a line; PROTOCOL.md has the words.
"""

import sys

CLAIMS = ()


def install(emit):
    bootstrap, system = sys.modules["_frozen_importlib"], vars(sys)
    held, ident, number = sys.modules["_imp"].lock_held, sys.modules["_thread"].get_ident, emit.__self__.thread
    names, heard = vars(bootstrap), []
    spec_type, module_type = bootstrap.ModuleSpec, type(sys)
    names_of_module = module_type.__dict__["__dict__"].__get__
    exact, name_of_type = str.__str__, type.__dict__["__name__"].__get__
    lists = ("path", "meta_path", "path_hooks")
    active = True

    def hook(event, args):
        # no call that is not needed: the program may be at the end of its stack
        if not active or event[:6] != "import" and event not in EVENTS:
            return
        facts, locked = [], "--"
        try:
            modules = system.get("modules")
            # a program may have put anything in its place, or taken it away
            module = modules.get(args[0]) if type(modules) is dict and args else None
            owned = None
            if issubclass(type(module), module_type):
                # until 3.10 a module that was made without its __init__ has no names
                owned = (names_of_module(module) or {}).get("__spec__")
            for value in args:
                if type(value) is spec_type:
                    # a loader of the old sort makes a module with a spec of its own
                    is_old = not hasattr(type(value.loader), "exec_module") and value.loader is not None
                    is_known = owned is not None and (owned is value or not is_old)
                    facts.append("-" if not is_known else "=" if owned is value else "!")
                elif value is sys.path or value is sys.meta_path or value is sys.path_hooks:
                    facts.append("list")
                elif issubclass(type(value), module_type) or value is module:
                    facts.append("=" if value is module else "!")
                else:
                    facts.append("-")
                    finders = system.get("meta_path")
                    for finder in finders if type(finders) is list else ():
                        if value is finder:
                            facts[-1] = "finder"
            lock = names["_module_locks"].get(args[0]) if args else None
            lock = lock and lock()
            locked = "m" if lock is not None and lock.owner == ident() else "-"
            locked = ("g" if held() else "-") + locked
        except Exception:
            # what the program has put there cannot be asked: there is nothing to compare with
            facts.extend("-" for _ in args[len(facts) :])
        heard.append((number(), locked, event, args, facts))

    sys.addaudithook(hook)

    def finish():
        nonlocal active
        active = False
        numbers, kept = {}, []

        def told(value, fact):
            if value is None or value is True or value is False:
                return str(value)
            if issubclass(type(value), str):
                return "'" + escaped(exact(value))
            kept.append(value)
            number = numbers.setdefault(id(value), len(numbers))
            which = [it for it in lists if value is system.get(it)]
            if which:
                return "sys." + which[0]
            if type(value) is spec_type:
                name = vars(value).get("name")
                name = exact(name) if issubclass(type(name), str) else name_of_type(type(name))
                return "spec %d %s %s" % (number, fact, escaped(name))
            if issubclass(type(value), module_type):
                return "module %d %s" % (number, fact)
            return "object %d %s %s" % (number, fact, escaped(exact(name_of_type(type(value)))))

        lines = []
        for thread, locked, event, args, facts in heard:
            values = [told(value, fact) for value, fact in zip(args, facts)]
            lines.append("\t".join([str(thread), locked, escaped(event)] + values))
        return "\n".join(lines)

    # it cannot be removed, and is silent since it has told what it heard
    return lambda: None, finish


def escaped(text):
    """A text without the characters that tell events and arguments apart.

    A surrogate becomes an escape last, when the text's own backslashes have been doubled.
    """
    for character, code in ("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"):
        text = text.replace(character, code)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
