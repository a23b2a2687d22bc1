"""The proposal's events, and those of the search.

Which finder knew the module is not to be had from outside `_find_spec()`, so its loop stands here again.
"""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    sys.audit("importlib.import_started", name)
    try:
        return _find_and_load(name, import_, **options)
    finally:
        sys.audit("importlib.import_ended", name)


def _find_spec(name, path, target=None):
    sys.audit("importlib.finding_module", name)
    meta_path = sys.meta_path
    if meta_path is None:
        raise ImportError("sys.meta_path is None, Python is likely shutting down")
    # a copy, since 3.14: finders may change the list
    meta_path = list(meta_path) if sys.version_info >= (3, 14) else meta_path
    if not meta_path:
        _warnings.warn("sys.meta_path is empty", ImportWarning)
    is_reload = name in sys.modules
    for finder in meta_path:
        with _ImportLockContext():
            try:
                find_spec = finder.find_spec
            except AttributeError:
                # until 3.11
                legacy = globals().get("_find_spec_legacy")
                spec = legacy and legacy(finder, name, path)
                if spec is None:
                    continue
            else:
                spec = find_spec(name, path, target)
        if spec is None:
            continue
        if not is_reload and name in sys.modules:
            # an import of the parent may have imported the module
            spec = _spec_of(sys.modules[name], spec)
        sys.audit("importlib.module_found", name, finder, spec)
        return spec
    return None


def _spec_of(module, otherwise):
    try:
        spec = module.__spec__
    except AttributeError:
        return otherwise
    return otherwise if spec is None else spec


def _load_unlocked(spec, *, _load_unlocked=_load_unlocked):
    sys.audit("importlib.module_loading", spec.name, spec)
    try:
        return _load_unlocked(spec)
    finally:
        sys.audit("importlib.module_loaded", spec.name, spec)
