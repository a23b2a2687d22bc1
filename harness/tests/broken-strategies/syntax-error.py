# expect: line 3: SyntaxError
CLAIMS = set()
def install(emit:
