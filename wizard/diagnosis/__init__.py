"""From a symptom to its causes: what is wrong, why we think so, what to do and who does it. Pure; does no I/O.

``diagnose`` is for the wizard's own live test, ``recognise`` for a text pasted from any other tool.
"""

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Cause, Fix, Sign, Who
from wizard.diagnosis.failure_details import FailureDetails, FailureDetailsError, read_failure_details
from wizard.diagnosis.ranking import diagnose, failure_details_fix
from wizard.diagnosis.recognise import recognise
from wizard.diagnosis.remarks import Remark, remarks
from wizard.diagnosis.symptom import KINDS, Background, Finding, Symptom

__all__ = [
    "CATALOGUE",
    "KINDS",
    "Background",
    "Cause",
    "FailureDetails",
    "FailureDetailsError",
    "Finding",
    "Fix",
    "Remark",
    "Sign",
    "Symptom",
    "Who",
    "diagnose",
    "failure_details_fix",
    "read_failure_details",
    "recognise",
    "remarks",
]
