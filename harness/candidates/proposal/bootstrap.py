"""The four events of gh-149466, raised around the functions that they are about."""


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
