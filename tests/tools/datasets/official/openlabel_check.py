"""Run with jsonschema and the schema of OpenLABEL 1.0.0, which the package openlabel-checker has."""

import json
import sys
from pathlib import Path

import jsonschema
import openlabel_checker

folder = Path(openlabel_checker.__file__).parent / "schema_data"
schema = json.loads((folder / "openlabel_json_schema-v1.0.0.json").read_text())
validator = jsonschema.validators.validator_for(schema)(schema)
faults = [
    f"{list(error.absolute_path)}: {error.message[:200]}"
    for path in sorted(Path(sys.argv[1]).glob("openlabel/*.json"))
    for error in validator.iter_errors(json.loads(path.read_text()))
]
print(json.dumps({"faults": faults[:10]}))
