#!/usr/bin/env bash
# Follows the recipe "Add a room" on a copy of the checkout and shows that the room builds, migrates, answers through the gateway, is on the API page and in both overlays.
#   tools/new-room.sh [name]     about 6 minutes; ends with 0 when all of it holds
set -uo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
NAME="${1:-field-visits}"
COPY="$ROOT/.crm-new-room"
say(){ echo "new room: $*" >&2; }
fail(){ say "$*"; exit 1; }
cleanup(){ if [ -d "$COPY" ]; then ( cd "$COPY" && ./crm reset --yes; ./crm test --servers-down ) >/dev/null 2>&1; rm -rf "$COPY"; fi; }
trap cleanup EXIT; trap 'exit 130' INT TERM
cleanup
unset CI CRM_RUN_DIR CRM_POSTGRES CRM_RABBITMQ CRM_RABBITMQ_HTTP CRM_ROOT CRM_TEST_POSTGRES CRM_TEST_RABBITMQ CRM_TEST_RABBITMQ_HTTP
mkdir -p "$COPY"; cd "$ROOT" || exit 1
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -xf - -C "$COPY"
cd "$COPY" || exit 1
git init -q . # a checkout of its own: the formatter passes over what the outer one ignores

say "the recipe"
./crm new-room "$NAME" >&2 || fail "new-room failed"
./crm rooms --write >&2 || fail "rooms --write failed"
./crm docs >/dev/null || fail "docs failed"
project=$(basename "$(find "services/$NAME" -maxdepth 1 -name '*.Tests')"); project=${project%.Tests}
frozen(){ CRM_FREEZE=1 ./crm test "$1" >/dev/null 2>&1; }
frozen "$project.Tests"; frozen Platform.Tests # shapes, examples and contracts are written; what is said of them is tested below

say "it is in compose and in both overlays, and every check of these holds"
for file in docker-compose.yml deploy/k8s/base/kustomization.yaml deploy/k8s/overlays/{local,production}/{kustomization.yaml,clients.env} deploy/k8s/overlays/local/servers.yaml deploy/k8s/overlays/production/postgres.yaml; do
  grep -q "$NAME" "$file" || fail "$file does not name it"
done
./crm test "$project.Tests" Deploy.Tests Gateway.Tests Crm.Tests Platform.Tests >&2 || fail "tests failed"

say "it answers"
./crm up >&2 || fail "the platform did not start"
gateway="http://127.0.0.1:$(sed -n 's/^CRM_GATEWAY_PORT=//p' .crm/env)"; token=$(./crm token demo)
post(){ curl -s -o /dev/null -w '%{http_code}' -X POST "$gateway/api/$NAME/items" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"customerId":"00000000-0000-7000-8000-000000000001","kind":"first"}'; }
[ "$(post)" = 201 ] || fail "POST /api/$NAME/items is not 201"
curl -s "$gateway/api/$NAME/items" -H "Authorization: Bearer $token" | grep -q '"kind":"first"' || fail "the list does not show it"
curl -s "$gateway/openapi/v1.json" | grep -q "/api/$NAME/items" || fail "the API page does not show it"
for ((i=0;i<50;i++)); do ./crm psql portraits -Atc "select count(*) from timeline where contract like '$NAME.%'" 2>/dev/null | grep -qx 1 && break; sleep 0.2; done
[ $i -lt 50 ] || fail "portraits did not hear of it"
say "builds, migrates, answers, is heard; no file was edited by hand"
