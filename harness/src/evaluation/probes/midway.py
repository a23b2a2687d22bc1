def hook(event, args):
    hear(event, args, "shop")


sys.install = lambda: sys.addaudithook(hook)
attempt("shop.installs")
print("heard:", all_heard())
