#!/bin/sh
# expect: still running at its deadline
while :; do :; done
