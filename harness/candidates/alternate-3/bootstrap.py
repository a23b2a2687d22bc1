"""Events named after what goes on."""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib.importing", name)
    try:
        return _find_and_load(name, import_, **options)
    finally:
        sys.audit("importlib.importing;end", name)


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.loading", spec.name, spec)
    try:
        return _load_unlocked(spec)
    finally:
        sys.audit("importlib.loading;end", spec.name, spec)
