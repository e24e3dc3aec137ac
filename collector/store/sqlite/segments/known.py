"""How is asked what is known of a contact? Tests of a survivor `c`, 1 or 0 each.

A survivor is what all are whom it absorbed: their lists, identifiers and attributes count as its own.
"""

from collector.store.sqlite.segments.survivors import MEMBERS, SURVIVOR

ATTRIBUTE = """iif(length(c.attributes) = 2 AND NOT EXISTS (SELECT 1 FROM contact_links WHERE survivor = c.id),
  :{of_none}, attribute_passes(c.attributes,
    (SELECT json_group_array(json(attributes)) FROM (
      SELECT o.attributes FROM contact_links l JOIN contacts o ON o.id = l.absorbed
      WHERE l.survivor = c.id ORDER BY o.id)
     HAVING count(*) > 0), :{name}, :{test}, :now, :zone))"""
"""Of most contacts, who are anonymous, nothing is known: of them Python is asked once."""

ANONYMOUS = "c.anonymous = :{anonymous}"
IDENTIFIER = f"""c.id IN (SELECT {SURVIVOR.format("i.contact")} FROM identifiers i WHERE i.kind = :{{kind}})"""
CONSENT = f"""iif(c.consent <> 'unknown', c.consent, coalesce(
  (SELECT consent FROM contacts WHERE id IN {MEMBERS} AND consent <> 'unknown' ORDER BY id DESC LIMIT 1),
  'unknown')) = :{{consent}}"""
LIST = f"""c.id IN (SELECT {SURVIVOR.format("m.contact")} FROM list_members m
  JOIN lists l ON l.id = m.list WHERE l.name = :{{name}})"""
BUCKET = "in_bucket(c.id, :{salt}, :{least}, :{below})"
