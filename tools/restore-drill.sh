#!/usr/bin/env bash
# A restore on a machine that knows nothing: a backup, then somebody is forgotten, then the machine is lost. The newest list of the forgotten
# keeps the forgotten forgotten, and nothing that the backup holds is lost. Ends with 0 when it does.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
work=$(mktemp -d); chmod 755 "$work"
crm(){ CRM_RUN_DIR="$work/$where" "$ROOT/crm" "$@"; }
say(){ echo "restore-drill: $*" >&2; }
die(){ say "$*"; exit 1; }
stop(){ for where in lost bare; do if [ -d "$work/$where" ]; then crm down >/dev/null 2>&1 || true; fi; done; rm -rf "$work"; }
trap stop EXIT

where=lost
say "a machine with a shop on it, and settings of its own"
crm demo --quick >"$work/demo.log" 2>&1 || { tail -5 "$work/demo.log" >&2; die "the sample was not loaded"; }
shown(){ crm portrait "completejourney:$1" 2>/dev/null; }
shown 1 | grep -q '"forgotten": true' && die "household 1 was forgotten before"
crm backup "$work/A" >/dev/null
id=$(crm portrait completejourney:1 2>&1 >/dev/null | sed -n 's#.*/portraits/##p')
crm forget "$id" --yes >/dev/null
for n in $(seq 40); do grep -q "^$id," "$work/lost/erasures" && break; sleep 1; done
crm erasures export "$work/list"
crm down >/dev/null

where=bare
say "a bare machine with backup A"
if crm restore "$work/A" --yes >"$work/refused.log" 2>&1; then die "an older list was taken without a word"; fi
grep -q -- '--erasures' "$work/refused.log" || { tail -5 "$work/refused.log" >&2; die "it was not said what to do"; }
say "refused, as it should be: $(grep -o 'the newest list.*' "$work/refused.log" | cut -c1-120)…"
crm restore "$work/A" --erasures "$work/list" --yes >"$work/restore.log" 2>&1 || { tail -20 "$work/restore.log" >&2; die "the restore failed"; }
grep 'hashes of all logs' "$work/restore.log" >&2 || die "the hashes are not compared"
crm portrait "$id" 2>/dev/null | grep -q '"forgotten": true' || die "the forgotten came back"
shown 2 | grep -q '"name"' || die "household 2 lost its name: the keys did not come along"
for file in company settings; do [ -s "$work/lost/$file" ] || die "there is no $file"; cmp "$work/lost/$file" "$work/bare/$file" >&2 || die "$file did not come along"; done
say "the forgotten stay forgotten, all else is there"
