-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS outbox (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  address VARCHAR(320) NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject BIGINT NOT NULL,
  entry_key VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  batch VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lane INTEGER NOT NULL,
  message_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  owner VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  lease_until DATETIME(6),
  fault VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  reply VARCHAR(1000) NOT NULL DEFAULT '',
  settled_at DATETIME(6),
  INDEX outbox_due (state, lane, next_at),
  INDEX outbox_batch (batch, state)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS outbox_pace (
  id BIGINT PRIMARY KEY,
  next_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT IGNORE INTO outbox_pace (id, next_at) VALUES (1, '1970-01-01 00:00:00');
CREATE TABLE IF NOT EXISTS webhooks (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  address TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS webhook_deliveries (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  webhook_id BIGINT NOT NULL,
  delivery_key VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  facts TEXT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  owner VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  lease_until DATETIME(6),
  reply VARCHAR(1000) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  settled_at DATETIME(6),
  FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE,
  INDEX webhook_deliveries_due (state, next_at),
  INDEX webhook_deliveries_webhook (webhook_id, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
