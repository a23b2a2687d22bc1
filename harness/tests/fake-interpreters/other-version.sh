#!/bin/sh
# expect: it starts with `hello tollgate-worker 99 3.13.0`, not with version 1
printf "hello 25\ntollgate-worker 99 3.13.0\n" >&3
printf "end 0\n\n" >&3
