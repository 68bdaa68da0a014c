#!/bin/sh
# Writes the secrets of one installation for docker compose: deploy/docker/make-env.sh > .env
# Lose PERSONALDATA keys and every personal field is lost; keep them apart from the backups of the databases.
set -eu
umask 077
random() { openssl rand -hex 24; }
for name in POSTGRES_PASSWORD RABBITMQ_PASSWORD \
  CUSTOMERS_OWNER_PASSWORD CUSTOMERS_APP_PASSWORD SEGMENTATION_OWNER_PASSWORD SEGMENTATION_APP_PASSWORD \
  SERVICE_DESK_OWNER_PASSWORD SERVICE_DESK_APP_PASSWORD LOYALTY_OWNER_PASSWORD LOYALTY_APP_PASSWORD \
  PORTRAITS_OWNER_PASSWORD PORTRAITS_APP_PASSWORD \
  DEMO_CLIENT_SECRET ANALYST_CLIENT_SECRET OPS_CLIENT_SECRET
do echo "$name=$(random)"; done
for name in CUSTOMERS_MASTER_KEY CUSTOMERS_INDEX_KEY SERVICE_DESK_MASTER_KEY SERVICE_DESK_INDEX_KEY LOYALTY_MASTER_KEY LOYALTY_INDEX_KEY
do echo "$name=$(openssl rand -base64 32)"; done
# One line in quotes: the gateway reads \n as line breaks.
printf "SIGNING_KEY='%s'\n" "$(openssl ecparam -name prime256v1 -genkey -noout | sed 's/$/\\n/' | tr -d '\n')"
