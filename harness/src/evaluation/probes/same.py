armed, inner = True, "not reached"


def hook(event, args):
    global armed, inner
    if armed and is_it(event, args):
        armed = False
        inner = told(attempt("shop.cart"))


sys.addaudithook(hook)
print("outer:", told(attempt("shop.cart")))
print("inner:", inner)
print("bodies:", getattr(sys, "bodies", 0))
