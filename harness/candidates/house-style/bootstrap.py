"""What is called, and the kind of the result after a slash, as in `sqlite3.connect/handle`."""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    module = _find_and_load(name, import_, **options)
    sys.audit("import/module", name, module)
    return module


def _find_spec(name, path, target=None, *, _find_spec=_find_spec):
    sys.audit("importlib.find_spec", name)
    spec = _find_spec(name, path, target)
    if spec is not None:
        sys.audit("importlib.find_spec/spec", name, spec)
    return spec


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.exec_module", spec.name, spec)
    module = _load_unlocked(spec)
    sys.audit("importlib.exec_module/module", spec.name, module)
    return module
