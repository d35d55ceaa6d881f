#!/bin/sh
# private-run.sh SCRATCH COMMAND...: runs the command with a /run that shows what is there and keeps what is written
# for itself. To be called in a mount namespace of its own, with which all of it ends.
# -n: mount(8) would keep notes in the real /run.
set -eu
scratch=$1
shift
mount -n -t tmpfs -o mode=700 tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work"
chmod 755 "$scratch/upper"
mount -n -t overlay -o "lowerdir=/run,upperdir=$scratch/upper,workdir=$scratch/work" overlay /run
exec "$@"
