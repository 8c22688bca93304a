#!/bin/sh
# Each night: recount the books, write a backup, restore it into a throw-away database and recount the books there.
# Exits 1 where anything is wrong, so that whatever started it can tell somebody. Keeps KEEP_DAYS (35) days.
#   deploy/nightly.sh FOLDER
set -eu
folder=${1:?usage: nightly.sh FOLDER}
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
[ -x .venv/bin/python ] && python=.venv/bin/python
file=$folder/toad-lane-$(date -u +%Y-%m-%d-%H%M%S).dump
failed=0
"$python" manage.py verify_books || failed=1
"$python" manage.py backup "$file"
"$python" manage.py restore "$file" --check || failed=1
if [ $failed = 0 ]; then  # while something is wrong, older backups are kept
    find "$folder" -maxdepth 1 -name 'toad-lane-*.dump*' -mtime "+${KEEP_DAYS:-35}" -delete
fi
exit $failed
