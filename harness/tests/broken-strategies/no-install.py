# expect: install: expected a function install(emit) that returns uninstall
CLAIMS = set()
