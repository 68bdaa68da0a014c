# Sourced by tools/bench.sh: the whole platform in a run directory of its own, the sample shop in it, and the bare program behind the same
# gateway.
for word in "$@"; do
  case "$word" in --quick|--keep) ;; -*) echo "usage: ./crm bench platform [--quick] [--keep] [row…]" >&2; exit 2 ;; esac
done
export CRM_ROOT="$ROOT" CRM_RUN_DIR="$RUN-platform"
unset CRM_POSTGRES CRM_RABBITMQ CRM_RABBITMQ_HTTP
keep=""; case " $* " in *" --keep "*) keep=1 ;; esac
bare=""

crm(){ "$ROOT/crm" "$@" >&2 7>&-; }
setting(){ sed -n "s/^$1=//p" "$CRM_RUN_DIR/env"; }
run(){ # A session of its own, so that all of it can be ended; in the background, so that a signal ends the wait.
  local rc
  setsid "$@" 7>&- & child=$!
  wait "$child"; rc=$?; child=""; return $rc
}
stop(){
  if [ -n "$child" ]; then kill -- "-$child" 2>/dev/null; wait "$child" 2>/dev/null; child=""; fi
  if [ -n "$bare" ]; then kill "$bare" 2>/dev/null; wait "$bare" 2>/dev/null; bare=""; rm -f "$CRM_RUN_DIR/pid/bare"; fi
  if [ -n "$started" ]; then started=""; crm down; fi
}

if [ -z "$keep" ]; then crm reset --yes || die "the last run's data could not be thrown away"; fi
publish Platform/PlatformBenchmarks.csproj "$CRM_RUN_DIR/app/bench"
publish Platform/Bare/PlatformBare.csproj "$CRM_RUN_DIR/app/bare"
started=1; crm up --servers-only || die "the servers did not start"

# Ports come in blocks of 40; this one is nobody else's. All programs inherit the settings, only the gateway knows what they mean.
port=$(($(setting CRM_PG_PORT) + 30))
export Services__Bare="http://127.0.0.1:$port" ReverseProxy__Clusters__Bare__HttpRequest__ActivityTimeout=00:01:40
export ReverseProxy__Routes__bare__ClusterId=Bare ReverseProxy__Routes__bare__Match__Path='/bare/{**rest}'
# The load is one client: at the gateway's limit per client a quick machine would be refused.
export RateLimits__Client__Burst=1000000 RateLimits__Client__PerPeriod=1000000
run "$ROOT/crm" up >&2 || die "the platform did not start"
if [ ! -f "$CRM_RUN_DIR/bench-loaded" ]; then
  echo "bench: loading the sample shop" >&2
  run "$ROOT/crm" demo --quick >"$CRM_RUN_DIR/load.out" 2>&1 \
    || { tail -40 "$CRM_RUN_DIR/load.out" >&2; die "the sample shop could not be loaded"; }
  touch "$CRM_RUN_DIR/bench-loaded"
fi

ASPNETCORE_URLS=$Services__Bare ConnectionStrings__Postgres=$(setting CRM_POSTGRES) DOTNET_GCgen0size=0x4000000 \
  dotnet "$CRM_RUN_DIR/app/bare/CrmPlatform.PlatformBare.dll" >"$CRM_RUN_DIR/log/bare.log" 2>&1 7>&- & bare=$!
echo "$bare" > "$CRM_RUN_DIR/pid/bare"
for ((i=0;i<200;i++)); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 "$bare" 2>/dev/null && [ "$i" -lt 199 ] || { tail -20 "$CRM_RUN_DIR/log/bare.log" >&2; die "the bare program did not start"; }
  sleep 0.1
done

export DOTNET_GCgen0size=0x4000000
run dotnet "$CRM_RUN_DIR/app/bench/CrmPlatform.PlatformBenchmarks.dll" "$@"; rc=$?
stop
# After a failure the logs are worth more than the room.
if [ "$rc" = 0 ] && [ -z "$keep" ]; then crm reset --yes; fi
exit $rc
