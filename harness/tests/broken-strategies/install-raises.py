# expect: line 6: ZeroDivisionError: division by zero (in install())
CLAIMS = set()


def install(emit):
    1 / 0
