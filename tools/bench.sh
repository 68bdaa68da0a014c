#!/usr/bin/env bash
# ./crm bench event-store|loyalty|customers|segmentation|service-desk|platform [--quick] [row…]   what they cost, on private servers of their own
#   --events N   all but platform: so many events, customers or tickets;   --keep   platform: with the data of the last run that was kept, and keep them
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RUN="${CRM_BENCH_RUN_DIR:-$ROOT/.crm-bench}"
case "$RUN" in /*) ;; *) RUN="$ROOT/$RUN" ;; esac
infra(){ env -u CRM_POSTGRES -u CRM_RABBITMQ CRM_RUN_DIR="$RUN" "$ROOT/tools/infra.sh" "$@"; }
die(){ echo "crm bench: $*" >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDTERMINALLOGGER=off

case "${1:-}" in
  event-store) project=EventStore ;;
  loyalty) project=Loyalty ;;
  customers) project=Customers ;;
  segmentation) project=Segmentation ;;
  service-desk) project=ServiceDesk ;;
  platform) project=Platform ;;
  *) echo "usage: ./crm bench event-store|loyalty|customers|segmentation|service-desk|platform [--quick] [--events N] [--keep] [row…]" >&2; exit 2 ;;
esac
shift
command -v dotnet >/dev/null || die "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
mkdir -p "$RUN"
exec 7>"$RUN.run.lock"; flock -n 7 || die "another benchmark is running in $RUN: each would measure the other"

publish(){ # $1 = project file below benchmarks, $2 = where its copy goes. A copy runs, so that a build never writes over a running program.
  ( exec 8>"$ROOT/.crm-build.lock"; flock 8
    dotnet publish "$ROOT/benchmarks/$1" -c Release -v q --nologo -clp:ErrorsOnly 7>&- 8>&- ) || die "the build failed"
  rm -rf "$2"; mkdir -p "$(dirname "$2")"; cp -r "$(dirname "$ROOT/benchmarks/$1")/bin/Release/net10.0/publish" "$2"
}
child=""; started=""
stop(){
  if [ -n "$child" ]; then kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; child=""; fi
  if [ -n "$started" ]; then started=""; infra down 7>&-; fi
}
trap stop EXIT
trap 'exit 130' INT TERM
if [ "$project" = Platform ]; then . "$ROOT/benchmarks/Platform/run.sh"; exit; fi

publish "$project/${project}Benchmarks.csproj" "$RUN/app"
setting(){ sed -n "s/^$1=//p" "$RUN/env"; }
if [ "$project" = ServiceDesk ]; then # It imports into the whole service, as its tests run it.
  started=1; infra up 7>&- || die "the servers did not start"
  CRM_TEST_POSTGRES=$(setting CRM_POSTGRES) CRM_TEST_RABBITMQ=$(setting CRM_RABBITMQ) CRM_TEST_RABBITMQ_HTTP=$(setting CRM_RABBITMQ_HTTP)
  export CRM_TEST_POSTGRES CRM_TEST_RABBITMQ CRM_TEST_RABBITMQ_HTTP
else
  started=1; infra up postgres 7>&- || die "PostgreSQL did not start"
fi
CRM_BENCH_POSTGRES=$(setting CRM_POSTGRES); export CRM_BENCH_POSTGRES
unset CRM_POSTGRES CRM_RABBITMQ CRM_RABBITMQ_HTTP CRM_RUN_DIR
# In the background: a signal then ends the wait, and the program and the server are stopped at once.
dotnet "$RUN/app/CrmPlatform.${project}Benchmarks.dll" "$@" 7>&- & child=$!
wait "$child"; rc=$?; child=""
exit $rc
