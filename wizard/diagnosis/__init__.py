"""From what is known to its causes: what is wrong, why we think so, what to do and who does it. Pure; does no I/O.

``read`` takes a paste apart into facts, ``known`` tells those of a walk, ``conclude`` says what follows from facts.
``diagnose`` is the same for the wizard's own live test.
"""

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Cause, Fix, Sign, Who
from wizard.diagnosis.conclusion import Diagnosis, RuledOut, conclude, corrected_settings
from wizard.diagnosis.facts import Fact
from wizard.diagnosis.failure_details import FailureDetails, FailureDetailsError, read_failure_details
from wizard.diagnosis.live import diagnose, failure_details_fix, known
from wizard.diagnosis.reading import Recognised, read
from wizard.diagnosis.remarks import Remark, remarks
from wizard.diagnosis.sentences import Settle
from wizard.diagnosis.settings.fragment import Corrected
from wizard.diagnosis.symptom import KINDS, Background, Finding, Symptom

__all__ = [
    "CATALOGUE",
    "KINDS",
    "Background",
    "Cause",
    "Corrected",
    "Diagnosis",
    "Fact",
    "FailureDetails",
    "FailureDetailsError",
    "Finding",
    "Fix",
    "Recognised",
    "Remark",
    "RuledOut",
    "Settle",
    "Sign",
    "Symptom",
    "Who",
    "conclude",
    "corrected_settings",
    "diagnose",
    "failure_details_fix",
    "known",
    "read",
    "read_failure_details",
    "remarks",
]
