"""The result of an import, and nothing of those that fail.

gh-119122 raises it in the C code behind the statement; here `importlib.import_module()` raises it too.
"""


def _find_and_load(name, import_, *, _find_and_load=_find_and_load, **options):
    module = _find_and_load(name, import_, **options)
    sys.audit("import/module", name, module)
    return module
