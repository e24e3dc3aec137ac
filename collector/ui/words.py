"""What does the console say? Every text of every page: key → (Italian, English), from the nouns' own `words.py`.

{…} are filled by the page. What several pages say alike stands in `frame/words.py`. `tests/collector/ui` finds what
lacks, what is left over, and a key that stands twice.
"""

from collections.abc import Mapping

from collector.ui.automations import looking_words as automations_looking
from collector.ui.automations import words as automations
from collector.ui.automations.editing import words as editing
from collector.ui.catalogue import words as catalogue
from collector.ui.contacts import words as contacts
from collector.ui.docs import words as docs
from collector.ui.events import words as events
from collector.ui.frame import words as frame
from collector.ui.keys import words as keys
from collector.ui.leaving import words as leaving
from collector.ui.lists import words as lists
from collector.ui.login import words as login
from collector.ui.messages import words as messages
from collector.ui.messages.faults import words as faults
from collector.ui.messages.outbox import words as outbox
from collector.ui.segments import words as segments
from collector.ui.sessions import words as sessions
from collector.ui.settings import words as settings
from collector.ui.setup import words as setup
from collector.ui.sites import words as sites
from collector.ui.users import words as users
from collector.ui.webhooks import words as webhooks
from collector.ui.webhooks import words_of_mapping as webhook_mapping
from collector.ui.webhooks import words_of_out as webhooks_out

NOUNS = (
    frame,
    login,
    setup,
    events,
    contacts,
    lists,
    segments,
    automations,
    automations_looking,
    editing,
    messages,
    faults,
    outbox,
    sessions,
    catalogue,
    settings,
    sites,
    keys,
    webhooks,
    webhook_mapping,
    webhooks_out,
    users,
    docs,
    leaving,
)

WORDS: Mapping[str, tuple[str, str]] = {key: texts for noun in NOUNS for key, texts in noun.WORDS.items()}
