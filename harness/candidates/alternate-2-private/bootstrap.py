"""Events named after the functions that raise them, as they are spelled."""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib._bootstrap._find_and_load", name)
    try:
        return _find_and_load(name, import_, **options)
    finally:
        sys.audit("importlib._bootstrap._find_and_load;end", name)


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib._bootstrap._load_unlocked", spec.name, spec)
    try:
        return _load_unlocked(spec)
    finally:
        sys.audit("importlib._bootstrap._load_unlocked;end", spec.name, spec)
