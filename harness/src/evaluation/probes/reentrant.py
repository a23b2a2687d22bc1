armed, inner = True, "not reached"


def hook(event, args):
    global armed, inner
    hear(event, args, "helper")
    if armed and is_it(event, args):
        armed = False
        inner = told(attempt("helper"))


sys.addaudithook(hook)
print("outer:", told(attempt("shop.cart")))
print("inner:", inner)
print("heard:", all_heard())
