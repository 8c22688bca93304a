#!/bin/sh
# Run once by the PostgreSQL image on an empty data folder: the two roles, with the passwords of database.env.
set -eu
psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v owner_password="$OWNER_PASSWORD" -v site_password="$SITE_PASSWORD" -f /roles/make-roles.sql
