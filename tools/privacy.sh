#!/usr/bin/env bash
# Forgets one household of the sample shop on a running demo and looks for what named it: in a dump of every database, in the broker's files (queues and
# stream), and in every log; before, after, and after the restore of an older backup. Ends with 0 when nothing is found that should not be.
#   ./crm demo && tools/privacy.sh [household]
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RUN="${CRM_RUN_DIR:-$ROOT/.crm}"; case "$RUN" in /*) ;; *) RUN="$ROOT/$RUN" ;; esac
export CRM_RUN_DIR="$RUN"
say(){ echo "privacy: $*" >&2; }
field(){ sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -1; }
# Without a household named: the first complainant who was not forgotten by an earlier run.
household="${1:-}"
if [ -z "$household" ]; then
  for household in $(zcat "$ROOT/samples/tickets.ndjson.gz" | sed -n 's/.*"system":"completejourney","value":"\([0-9]*\)".*/\1/p' | awk '!seen[$0]++' | head -50); do
    "$ROOT/crm" portrait "completejourney:$household" >/dev/null 2>&1 && break
  done
fi
customer=$(zcat "$ROOT/samples/customers.ndjson.gz" | grep -F "\"system\":\"completejourney\",\"value\":\"$household\"" | head -1)
ticket=$(zcat "$ROOT/samples/tickets.ndjson.gz" | grep -F "\"system\":\"completejourney\",\"value\":\"$household\"" | head -1)
name=$(field name <<<"$customer"); phone=$(grep -o '"kind":"phone","value":"[^"]*"' <<<"$customer" | field value); email=$(grep -o '"kind":"email","value":"[^"]*"' <<<"$customer" | field value)
text=$(sed -n 's/.*"text":"\([^"\\]\{40\}\).*/\1/p' <<<"$ticket" | head -1)
[ -n "$name" ] && [ -n "$phone" ] && [ -n "$email" ] && [ -n "$text" ] || { say "household $household lacks a name, phone, e-mail or ticket text"; exit 2; }
say "household $household"

failed=0; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
collect(){ # everything that is stored, as text or as the bytes on disk
  rm -rf "$work/dump"; mkdir -p "$work/dump"
  local db
  for db in $("$ROOT/tools/infra.sh" rooms | tr - _); do "$ROOT/tools/infra.sh" pg_dump "$db" >"$work/dump/$db.sql" || { say "dump of $db failed"; exit 2; }; done
}
places(){ grep -rlaF -- "$1" "$work/dump" "$RUN/rmq" "$RUN/log" "$RUN/pg/server.log" 2>/dev/null | sed "s#$work/dump/#database #; s#$RUN/##"; }
absent(){ # $1 = what it is, $2 = the text
  local where; where=$(places "$2")
  if [ -z "$where" ]; then say "  $1: nowhere"; else say "  $1: FOUND in $(tr '\n' ' ' <<<"$where")"; failed=1; fi
}
totals(){ "$ROOT/crm" demo --quick 2>&1 | grep -E 'purchases|revenue|points (earned|accounts)' | grep -v import; }

say "before forgetting"
"$ROOT/crm" portrait "completejourney:$household" 2>/dev/null | grep -qF "$phone" || { say "the portrait does not show the phone number: nothing to test"; exit 2; }
id=$("$ROOT/crm" portrait "completejourney:$household" 2>&1 >/dev/null | sed -n 's#.*/portraits/##p')
collect; absent name "$name"; absent phone "$phone"; absent "phone without country" "${phone#+86}"; absent e-mail "$email"; absent "ticket text" "$text"
[ -n "$(places "$id")" ] || { say "the customer's id is nowhere: the search sees nothing"; failed=1; }
before=$(totals)
"$ROOT/crm" backup "$work/backup" >/dev/null || { say "backup failed"; exit 2; }

say "after forgetting"
"$ROOT/crm" forget "$id" --yes >/dev/null || exit 2
sleep 3
collect; absent name "$name"; absent phone "$phone"; absent e-mail "$email"; absent "ticket text" "$text"
"$ROOT/crm" portrait "$id" 2>/dev/null | grep -q '"forgotten": true' || { say "  the portrait does not say forgotten"; failed=1; }
if [ "$before" = "$(totals)" ]; then say "  totals: unchanged"; else say "  totals: CHANGED"; failed=1; fi

say "after a restore of the backup from before"
"$ROOT/crm" restore "$work/backup" --yes >"$work/restore.log" 2>&1 || { tail -5 "$work/restore.log" >&2; say "restore failed"; exit 2; }
sleep 3
collect; absent name "$name"; absent phone "$phone"; absent e-mail "$email"; absent "ticket text" "$text"
"$ROOT/crm" portrait "$id" 2>/dev/null | grep -q '"forgotten": true' || { say "  the portrait does not say forgotten"; failed=1; }
[ $failed = 0 ] && say "nothing was found that should not be"
exit $failed
