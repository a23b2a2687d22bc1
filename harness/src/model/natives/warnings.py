# https://docs.python.org/3/library/warnings.html
import sys


class WarningMessage:
    def __init__(self, message, category):
        self.message, self.category, self.source = message, category, None

    filename = property(lambda self: _abstain("where a warning is blamed on"))
    lineno = property(lambda self: _abstain("where a warning is blamed on"))
    line = property(lambda self: _abstain("where a warning is blamed on"))


class catch_warnings:
    def __init__(self, *, record=False, module=None, **filter):
        if sys.version_info < (3, 11):
            (lambda: None)(**filter)
        if module is not None:
            _abstain("where a warning is blamed on")
        self._record, self._filter, self._entered = record, filter, False

    def __enter__(self):
        if self._entered:
            raise RuntimeError("Cannot enter twice")
        self._entered = True
        self._saved = _save()
        if self._filter.get("action") is not None:
            simplefilter(**self._filter)
        if self._record:
            log = []
            _listen(log, WarningMessage)
            return log

    def __exit__(self, *exception):
        if not self._entered:
            raise RuntimeError("Cannot exit without entering first")
        _restore(self._saved)
