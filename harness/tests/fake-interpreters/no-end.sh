#!/bin/sh
# expect: the child's answer is not complete (exit code 0)
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
