"""Two events, each raised at both ends of what it is about."""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib.importing", name, False)
    try:
        return _find_and_load(name, import_, **options)
    finally:
        sys.audit("importlib.importing", name, True)


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.loading", spec.name, spec, False)
    try:
        return _load_unlocked(spec)
    finally:
        sys.audit("importlib.loading", spec.name, spec, True)
