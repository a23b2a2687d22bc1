heard = []


def hook(event, args):
    if event in EVENTS and args[0].startswith("shop"):
        heard.append("%s %s" % (event, args[0]))


sys.install = lambda: sys.addaudithook(hook)
attempt("shop.installs")
print("heard:", ", ".join(heard) or "nothing")
