-- The two roles and the database, once, as PostgreSQL's superuser. Running it again changes only the passwords.
--   psql -v owner_password=… -v site_password=… -f deploy/make-roles.sql
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE toad_lane_owner LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'toad_lane_owner') \gexec
SELECT 'CREATE ROLE toad_lane_site LOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'toad_lane_site') \gexec
ALTER ROLE toad_lane_owner NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE toad_lane_site NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'site_password';
SELECT 'CREATE DATABASE toad_lane OWNER toad_lane_owner ENCODING ''UTF8'' TEMPLATE template0'
    WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'toad_lane') \gexec
REVOKE ALL ON DATABASE toad_lane FROM PUBLIC;
GRANT CONNECT ON DATABASE toad_lane TO toad_lane_site;
