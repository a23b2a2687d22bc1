#!/bin/sh
# expect: wrote more than allowed on standard output
while :; do echo "and on, and on, and on, and on, and on, and on, and on, and on, and on, and on"; done
