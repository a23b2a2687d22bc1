# https://docs.python.org/3/library/unittest.mock.html#patch-dict
import sys


class _patch_dict:
    def __init__(self, in_dict, values=(), clear=False, **kwargs):
        self.in_dict, self.values, self.clear = in_dict, dict(values), clear
        self.values.update(kwargs)

    def __call__(self, function):
        if isinstance(function, type):
            _abstain("`patch.dict` of a class")

        def inner(*args, **kwargs):
            self._patch()
            try:
                return function(*args, **kwargs)
            finally:
                self._unpatch()

        return inner

    def _patch(self):
        if isinstance(self.in_dict, str):
            if self.in_dict != "sys.modules":
                _abstain("`patch.dict` of another name than `sys.modules`")
            self.in_dict = sys.modules
        self._saved = _save(self.in_dict)
        if self.clear:
            _clear(self.in_dict)
        self.in_dict.update(self.values)

    def _unpatch(self):
        _restore(self.in_dict, self._saved)

    def __enter__(self):
        self._patch()
        return self.in_dict

    def __exit__(self, *exception):
        self._unpatch()
        return False

    start = __enter__

    def stop(self):
        return self.__exit__(None, None, None)


class patch:
    dict = _patch_dict
