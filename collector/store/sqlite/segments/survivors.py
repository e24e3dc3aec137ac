"""Who is a person, by now? Contacts that were not absorbed; and how SQL comes from anybody to the one who is left."""

SURVIVORS = "FROM contacts c WHERE NOT EXISTS (SELECT 1 FROM contact_links WHERE absorbed = c.id)"

MEMBERS = "(SELECT c.id UNION ALL SELECT absorbed FROM contact_links WHERE survivor = c.id)"
"""Of a survivor `c`: itself and all whom it absorbed."""

SURVIVOR = "coalesce((SELECT survivor FROM contact_links WHERE absorbed = {0}), {0})"
"""Who somebody is by now; to be filled in with a column."""
