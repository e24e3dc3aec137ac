"""What is a delivery called? 26 characters that say nothing: in links, in the Message-ID, in receipts.

Of a wish that may be made again, a step of an automation's run, it is the same each time: `way.effect_id`.
"""

from collector.access.tokens import fresh_id

new_delivery_id = fresh_id
