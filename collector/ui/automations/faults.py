"""How is a fault of an automation said to people? By its code in both languages; what `check` says of conditions, as
segments say it. Reads nothing, writes nothing."""

from collections.abc import Iterable, Sequence

from collector.ui.page import Language, translator
from collector.ui.segments import faults as of_segments
from sessionizer.automations.check import Fault
from sessionizer.segments import check

SAID = {
    "no_trigger": "automations_fault_no_trigger",
    "no_step": "automations_fault_no_step",
    "too_many": "automations_fault_too_many",
    "same_of_trigger": "automations_fault_same",
    "no_segment": "automations_fault_segment",
    "same_id": "automations_fault_id",
    "no_such_step": "automations_fault_step",
    "no_message": "automations_fault_message",
    "no_recipient": "automations_fault_recipient",
    "no_day": "automations_fault_day",
    "no_wish": "automations_fault_wish",
    "shares": "automations_fault_shares",
    "no_url": "automations_fault_url",
    "no_condition": "automations_fault_condition",
    "no_number": "automations_fault_number",
    "no_value": "automations_fault_value",
    "circle": "automations_fault_circle",
    "name_taken": "automations_fault_name",
}
"""Code → key of words. The others say what conditions of segments say."""


def said(found: Iterable[Fault], language: Language) -> Sequence[str]:
    """All of them."""
    return [_said(fault, language) for fault in found]


def _said(fault: Fault, language: Language) -> str:
    if fault.code in SAID:
        return translator(language)(SAID[fault.code], **fault.params)
    return of_segments.said([check.Fault(fault.path, fault.says)], language)[0].says
