-- A join can be taken back: who joined whom, beside who is left at the end of the chain (survivor).
ALTER TABLE contact_links ADD COLUMN joined_to INTEGER NOT NULL DEFAULT 0;
UPDATE contact_links SET joined_to = survivor;  -- chains of before are taken as if all had joined the last one

-- Contacts whose history is to be folded anew: `sentiero sessionize --rebuild` asks, the worker does it and deletes them.
CREATE TABLE rebuilds (contact INTEGER PRIMARY KEY);
