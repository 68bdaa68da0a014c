#!/usr/bin/env bash
# Looks for one person's name, phone, e-mail and ticket text in clear, in six places: logs, telemetry, queues and stream, dumps with and
# without the keys, temporary files, write-ahead log and data files. Before and after forgetting, and after the restore of an older backup.
# Ends with 0 when nothing is found. It restarts the programs, with a collector and a temporary folder of its own.
#   ./crm demo && tools/privacy.sh [household]
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RUN="${CRM_RUN_DIR:-$ROOT/.crm}"; case "$RUN" in /*) ;; *) RUN="$ROOT/$RUN" ;; esac
export CRM_RUN_DIR="$RUN"
say(){ echo "privacy: $*" >&2; }
field(){ sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -1; }

# ---- whom ----------------------------------------------------------------------------------------
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

# ---- a collector and a temporary folder of our own -----------------------------------------------
failed=0; work=$(mktemp -d); mkdir -p "$work"/{sent,tmp,dump}; chmod 755 "$work"
coproc SINK { exec "$ROOT/tools/otlp-sink.py" "$work/sent"; }
sink=$SINK_PID; read -r port <&"${SINK[0]}"
restart(){ "$ROOT/crm" down >/dev/null && "$@" "$ROOT/crm" up >/dev/null || { say "the programs do not start"; exit 2; }; }
trap 'restart env; kill "$sink" 2>/dev/null; rm -rf "$work"' EXIT
watched=(env OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$port" OTEL_BSP_SCHEDULE_DELAY=500 OTEL_METRIC_EXPORT_INTERVAL=2000 TMPDIR="$work/tmp")
restart "${watched[@]}"

# ---- where ---------------------------------------------------------------------------------------
backup(){ "$ROOT/crm" backup "$1" >/dev/null || { say "backup failed"; exit 2; }; }
collect(){ # dumps as text: a backup's are compressed; those in keys/ are what decrypts
  rm -rf "$work/now" "$work/dump"; backup "$work/now"; mkdir -p "$work/dump/without-keys" "$work/dump/with-keys"
  local file
  for file in "$work"/now/*.dump; do pg_restore_text "$file" >"$work/dump/without-keys/$(basename "$file" .dump).sql" || exit 2; done
  for file in "$work"/now/keys/*; do
    case "$file" in *.dump) pg_restore_text "$file" >"$work/dump/with-keys/$(basename "$file" .dump).sql" ;; *) cp "$file" "$work/dump/with-keys/" ;; esac
  done
}
pg_restore_text(){ "$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)/pg_restore" -f - "$1"; }
places(){ # $1 = text. Each place with the files that hold it
  local place; shopt -s nullglob
  while IFS='|' read -r place paths; do
    # shellcheck disable=SC2086  # several paths
    grep -rlaF -- "$1" $paths 2>/dev/null | sed "s#^#$place #; s#$work/##; s#$RUN/##"
  done <<P
logs|$RUN/log $RUN/pg/server.log $RUN/rmq/log
telemetry|$work/sent
broker|$RUN/rmq/mnesia
dumps|$work/dump
temporary-files|$work/tmp $(find "$RUN" -maxdepth 1 -type f -printf '%p ')
wal|$RUN/pg/data/pg_wal
data-files|$RUN/pg/data/base
P
}
absent(){ # $1 = what it is, $2 = the text
  local where; where=$(places "$2")
  if [ -z "$where" ]; then say "  $1: nowhere"; else say "  $1: FOUND in $(awk '{n[$1]++; f[$1]=$2} END {for (p in n) printf "%s (%d, like %s) ", p, n[p], f[p]}' <<<"$where")"; failed=1; fi
}
look(){
  "$ROOT/tools/infra.sh" psql -d postgres -qAtc checkpoint >/dev/null
  collect; absent name "$name"; absent phone "$phone"; absent "phone without country" "${phone#+86}"; absent e-mail "$email"; absent "ticket text" "$text"
}
totals(){ "$ROOT/crm" demo --quick 2>&1 | grep -E 'purchases|revenue|points (earned|accounts)' | grep -v import; }

# ---- what a client does: some is found, some refused, some is in the wrong place -----------------
ask(){
  local token gateway; token=$("$ROOT/crm" token demo); gateway="http://127.0.0.1:$(sed -n 's/^CRM_GATEWAY_PORT=//p' "$RUN/env")"
  call(){ curl -sS -o /dev/null -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }
  call "$gateway/api/customers/search" -d "{\"phone\":\"$phone\"}"
  call "$gateway/api/customers/search" -d "{\"name\":\"$name\"}"
  call "$gateway/api/customers/search" -d "{\"nobody\":\"$name $phone $email\"}"
  call -G "$gateway/api/customers" --data-urlencode "q=$name" --data-urlencode "after=$phone"
  call -G "$gateway/api/customers/$(printf %s "$name" | od -An -tx1 | tr -d '\n' | tr ' ' %)" --data-urlencode "phone=$phone"
  call -H "Idempotency-Key: $email" "$gateway/api/customers/purchases" -d "{\"source\":\"$name\",\"orderNumber\":\"$phone\",\"channel\":7}"
}

say "before forgetting"
"$ROOT/crm" portrait "completejourney:$household" 2>/dev/null | grep -qF "$phone" || { say "the portrait does not show the phone number: nothing to test"; exit 2; }
id=$("$ROOT/crm" portrait "completejourney:$household" 2>&1 >/dev/null | sed -n 's#.*/portraits/##p')
ask; sleep 3; look
[ -n "$(ls "$work/sent")" ] && [ -n "$(places '"service":"customers"')" ] && [ -n "$(places "$id")" ] || { say "  no telemetry, no logs or nowhere the customer's id: the search sees nothing"; failed=1; }
before=$(totals)
backup "$work/backup"

say "after forgetting"
"$ROOT/crm" forget "$id" --yes >/dev/null || exit 2
sleep 3; ask; look
"$ROOT/crm" portrait "$id" 2>/dev/null | grep -q '"forgotten": true' || { say "  the portrait does not say forgotten"; failed=1; }
if [ "$before" = "$(totals)" ]; then say "  totals: unchanged"; else say "  totals: CHANGED"; failed=1; fi

say "after a restore of the backup from before"
"${watched[@]}" "$ROOT/crm" restore "$work/backup" --yes >"$work/restore.log" 2>&1 || { tail -5 "$work/restore.log" >&2; say "restore failed"; exit 2; }
sleep 3; look
"$ROOT/crm" portrait "$id" 2>/dev/null | grep -q '"forgotten": true' || { say "  the portrait does not say forgotten"; failed=1; }
[ $failed = 0 ] && say "nothing was found that should not be"
exit $failed
