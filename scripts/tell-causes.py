"""Write anew what the causes' pages show of the collection: ``wizard/diagnosis/told.json``.

Needs no client: it reads ``tests/diagnosis/told``. Run it after ``collect-failures.py``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.clients.told.sentences import telling_sentences  # noqa: E402  # found by the path above

TOLD = ROOT / "wizard" / "diagnosis" / "told.json"

if __name__ == "__main__":
    told = telling_sentences()
    TOLD.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{sum(map(len, told.values()))} sentences for {len(told)} causes in {TOLD.relative_to(ROOT)}")
