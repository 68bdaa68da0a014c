#!/usr/bin/env bash
# ./crm test [--long] [Name…]   every test (or the projects whose name contains one of the names) on private servers
# ./crm test --servers          start those servers and leave them running, for a plain `dotnet test`
# ./crm test --servers-down     stop them
# CRM_TEST_POSTGRES, CRM_TEST_RABBITMQ and CRM_TEST_RABBITMQ_HTTP, when set, name other servers; then none is started.
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RUN="${CRM_TEST_RUN_DIR:-$ROOT/.crm-test}"
case "$RUN" in /*) ;; *) RUN="$ROOT/$RUN" ;; esac
infra(){ env -u CRM_POSTGRES -u CRM_RABBITMQ CRM_RUN_DIR="$RUN" "$ROOT/tools/infra.sh" "$@"; }
say(){ echo "crm test: $*" >&2; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDTERMINALLOGGER=off

names=()
for a in "$@"; do
  case "$a" in
    --servers) infra up; exit $? ;;
    --servers-down) infra down; exit $? ;;
    --long) export CRM_TEST_LONG=1 ;;
    -*) say "unknown option $a"; exit 2 ;;
    *) names+=("$a") ;;
  esac
done

finish(){ echo "$1 passed, $2 failed"; [ "$2" = 0 ] && exit 0; exit 1; }
command -v dotnet >/dev/null || { say "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"; finish 0 1; }

# Analysts' clients in other languages are part of what is tested.
packages=()
command -v node >/dev/null || packages+=(nodejs)
command -v npm  >/dev/null || packages+=(npm)
command -v promtool >/dev/null || packages+=(prometheus)
command -v chromium >/dev/null || packages+=(chromium)
/usr/bin/python3 -c 'import pika' 2>/dev/null || packages+=(python3-pika)
if [ ${#packages[@]} -gt 0 ]; then infra packages "${packages[@]}" || finish 0 1; fi

started=""
stop(){ if [ -n "$started" ]; then started=""; infra down 2>/dev/null; fi; }
trap stop EXIT
trap 'exit 130' INT TERM
if [ -n "${CRM_TEST_POSTGRES:-}" ] && [ -n "${CRM_TEST_RABBITMQ:-}" ]; then
  say "using the servers of CRM_TEST_POSTGRES and CRM_TEST_RABBITMQ; starting none"
else
  infra status >/dev/null 2>&1 || started=1   # servers that ran before keep running
  infra up || finish 0 1
  while IFS='=' read -r k v; do case "$k" in CRM_TEST_*) export "$k=$v" ;; esac; done < "$RUN/env"
fi

# Only these may come from the outside; the rest of a developer's CRM_… settings must not leak into tests.
unset CRM_POSTGRES CRM_RABBITMQ CRM_RABBITMQ_HTTP CRM_RUN_DIR
export CRM_ROOT="$ROOT"

say "building"
( exec 8>"$ROOT/.crm-build.lock"; flock 8; dotnet build "$ROOT/CrmPlatform.sln" -c Release -v q --nologo -clp:ErrorsOnly 8>&- ) \
  || { say "the build failed"; stop; finish 0 1; }

results="$RUN/results"; rm -rf "$results"; mkdir -p "$results"
passed=0; failed=0; t0=$SECONDS
while IFS= read -r project; do
  name=$(basename "$project" .csproj)
  if [ ${#names[@]} -gt 0 ]; then
    wanted=""; for n in "${names[@]}"; do case "${name,,}" in *"${n,,}"*) wanted=1 ;; esac; done
    [ -n "$wanted" ] || continue
  fi
  say "$name"; t=$SECONDS
  timeout --kill-after=30 "${CRM_TEST_TIMEOUT:-$([ -n "${CRM_TEST_LONG:-}" ] && echo 3600 || echo 900)}" \
    dotnet test "$project" -c Release --no-build --nologo -v q \
      --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$results" </dev/null
  rc=$?
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null | tail -1)
  p=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters"); total=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
  p=${p:-0}; total=${total:-0}; f=$((total - p))             # what was neither passed nor run is not a success
  if [ "$f" = 0 ] && { [ $rc != 0 ] || [ -z "$counters" ]; }; then   # crashed, hung, or held no test
    say "$name ended with code $rc and ${counters:+complete }${counters:-no }results"; f=1
  fi
  say "$name: $p passed, $f failed, $((SECONDS - t)) s"
  passed=$((passed + p)); failed=$((failed + f))
done < <(find "$ROOT"/{shared,services,tools,tests,deploy,benchmarks} -name '*Tests.csproj' -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' 2>/dev/null | sort)
if [ -n "${CRM_TEST_LONG:-}" ] && [ ${#names[@]} -eq 0 ]; then
  say "killing each part during an import"
  if "$ROOT/tools/chaos.sh" "${CRM_CHAOS_ROUNDS:-1}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if "$ROOT/tools/new-room.sh"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if "$ROOT/tools/fuzz.py" --own --requests 5000 --seed "${CRM_FUZZ_SEED:-1}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if "$ROOT/tools/loyalty-faults.py"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi
say "all tests took $((SECONDS - t0)) s; results in $results"
stop
[ $((passed + failed)) -gt 0 ] || { say "no test was found"; failed=1; }
finish $passed $failed
