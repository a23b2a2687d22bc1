# https://docs.python.org/3/library/abc.html


class ABC:
    pass
