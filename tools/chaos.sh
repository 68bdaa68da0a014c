#!/usr/bin/env bash
# Kills each service, then RabbitMQ, then PostgreSQL with SIGKILL while the sample shop is being imported, brings the killed part back each time, and
# compares all numbers with the files: nothing lost, nothing doubled. Then portraits hears everything again. Runs in a run directory of its own; ends with 0 when all is equal.
#   tools/chaos.sh [rounds]
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export CRM_RUN_DIR="${CRM_CHAOS_RUN_DIR:-$ROOT/.crm-chaos}"
unset CRM_POSTGRES CRM_RABBITMQ CRM_RABBITMQ_HTTP
say(){ echo "chaos: $*" >&2; }
cleanup(){ kill "$loader" 2>/dev/null; "$ROOT/crm" reset --yes >/dev/null 2>&1; }
loader=""; trap cleanup EXIT; trap 'exit 130' INT TERM

sql(){ "$ROOT/tools/infra.sh" psql portraits -Atc "$1"; }
settled(){ # nothing new comes: promises about imported tickets are judged 30 s after the last of them (ServiceDesk:ImportSettles), and at most 10 s later
  local i was="" now
  for ((i=0;i<10;i++)); do
    now=$(sql "select count(*) from timeline") || return 1
    [ "$now" != "$was" ] || return 0
    was=$now; sleep 45
  done
  say "facts go on coming"; return 1
}
heard_again(){ # portraits loses all and hears everything again: the same entries, the same portraits
  local before after
  settled || return 1
  before=$("$ROOT/crm" hashes | grep portraits\\.)
  sql "truncate timeline, read.portrait, heard" >/dev/null
  "$ROOT/crm" resend portraits || return 1
  after=$("$ROOT/crm" hashes | grep portraits\\.)
  printf '%s\n' "$after"
  [ "$before" = "$after" ] || { say "before:"; printf '%s\n' "$before"; return 1; }
  [ "$(sql "select count(*) from timeline where contract = 'customers.purchase-recorded'")" = "$(sql "select sum((convert_from(state, 'UTF8')::json->'purchases'->>'value')::int) from read.portrait")" ]
}

load(){ # an import that was cut off is repeated: that is what it is made for
  local i
  for ((i=0;i<60;i++)); do "$ROOT/crm" demo --quick >"$CRM_RUN_DIR/load.out" 2>&1 && return 0; sleep 2; done
  return 1
}
for ((round=1; round<=${1:-1}; round++)); do
  say "round $round"
  "$ROOT/crm" reset --yes >/dev/null 2>&1
  "$ROOT/crm" up >/dev/null || { say "the platform did not start"; exit 1; }
  load & loader=$!
  for victim in $("$ROOT/tools/infra.sh" rooms) gateway rabbitmq postgres; do
    sleep 4
    case "$victim" in
      rabbitmq) pid=$(cat "$CRM_RUN_DIR/rmq/pid") ;;
      postgres) pid=$(head -1 "$CRM_RUN_DIR/pg/data/postmaster.pid") ;;
      *) pid=$(cat "$CRM_RUN_DIR/pid/$victim") ;;
    esac
    say "kill -9 $victim ($pid)"; kill -KILL "$pid"
    sleep 1
    "$ROOT/crm" up >/dev/null || { say "$victim did not come back"; exit 1; }
  done
  wait "$loader" || true; loader=""
  if "$ROOT/crm" demo --quick && heard_again; then say "round $round: nothing lost, nothing doubled"; else say "round $round: THE NUMBERS DIFFER"; "$ROOT/crm" dead-letters list; exit 1; fi
done
