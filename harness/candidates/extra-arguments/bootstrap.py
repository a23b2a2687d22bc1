"""The proposal's events, whose ends say how it ended and with which module."""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib.import_started", name)
    try:
        module = _find_and_load(name, import_, **options)
    except BaseException:
        sys.audit("importlib.import_ended", name, None, False)
        raise
    sys.audit("importlib.import_ended", name, module, True)
    return module


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.module_loading", spec.name, spec)
    try:
        module = _load_unlocked(spec)
    except BaseException:
        sys.audit("importlib.module_loaded", spec.name, spec, None, False)
        raise
    sys.audit("importlib.module_loaded", spec.name, spec, module, True)
    return module
