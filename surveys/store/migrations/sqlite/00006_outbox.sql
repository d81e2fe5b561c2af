-- +goose Up
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  subject INTEGER NOT NULL,
  entry_key TEXT NOT NULL UNIQUE,
  batch TEXT NOT NULL,
  lane INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  owner TEXT NOT NULL DEFAULT '',
  lease_until DATETIME,
  fault TEXT NOT NULL DEFAULT '',
  reply TEXT NOT NULL DEFAULT '',
  settled_at DATETIME
);
CREATE INDEX outbox_due ON outbox (state, lane, next_at);
CREATE INDEX outbox_batch ON outbox (batch, state);
CREATE TABLE outbox_pace (
  id INTEGER PRIMARY KEY,
  next_at DATETIME NOT NULL
);
INSERT INTO outbox_pace (id, next_at) VALUES (1, '1970-01-01 00:00:00+00:00');
CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE TABLE webhook_deliveries (
  id INTEGER PRIMARY KEY,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  delivery_key TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  facts TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at DATETIME NOT NULL,
  owner TEXT NOT NULL DEFAULT '',
  lease_until DATETIME,
  reply TEXT NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  settled_at DATETIME
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
