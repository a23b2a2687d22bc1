#!/bin/sh
# expect: killed by signal 11 (SIGSEGV)
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
kill -SEGV $$
