-- What is sold, and what was asked of us in Brevo's manner. `serve` writes these tables.
CREATE TABLE products (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  price       REAL,
  alternative REAL,                                -- the alternative price
  deleted     INTEGER NOT NULL DEFAULT 0,
  body        TEXT    NOT NULL,                    -- JSON: collector/store/ports/definitions/products.py
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX products_created ON products (created_at, id);

CREATE TABLE product_categories (                  -- where a product belongs, whether or not the category was told of
  category TEXT NOT NULL,
  product  TEXT NOT NULL,
  PRIMARY KEY (category, product)
) WITHOUT ROWID;
CREATE INDEX product_categories_product ON product_categories (product);

CREATE TABLE categories (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  url         TEXT    NOT NULL,
  deleted     INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX categories_created ON categories (created_at, id);

CREATE TABLE webhooks (                            -- kept; nothing is delivered yet
  id          INTEGER PRIMARY KEY,
  type        TEXT    NOT NULL,                    -- transactional | marketing | inbound
  body        TEXT    NOT NULL,                    -- JSON: collector/store/ports/definitions/webhooks.py
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
);

CREATE TABLE mails (                               -- accepted, to be sent
  id         INTEGER PRIMARY KEY,
  message    TEXT    NOT NULL UNIQUE,              -- Message-ID, with its angle brackets
  body       TEXT    NOT NULL,                     -- JSON, as it was asked for
  send_at    INTEGER NOT NULL,                     -- ms UTC, not before
  created_at INTEGER NOT NULL
);
CREATE INDEX mails_due ON mails (send_at);
