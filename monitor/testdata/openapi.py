# Holds answers against an OpenAPI document, by an implementation of JSON Schema that is not ours:
#
#	python3 openapi.py OPENAPI.json ANSWERS.json
#
# ANSWERS.json is an array of {"path", "status", "type", "body"}, with the path as the document has it.
# Prints an array with what is wrong with each; nothing: it is as described. Members that the document
# does not name are wrong here, although clients have to bear them.
import json, re, sys
from datetime import datetime
from jsonschema import Draft202012Validator, FormatChecker

formats = FormatChecker(formats=())

@formats.checks("date-time", raises=ValueError)
def instant(value):
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(re.sub(r"\.\d+Z$", "Z", value).replace("Z", "+00:00")) is not None)

def strict(value):
    if isinstance(value, dict):
        return {k: False if k == "additionalProperties" and v is True else strict(v) for k, v in value.items()}
    return [strict(v) for v in value] if isinstance(value, list) else value

def resolve(value):
    while "$ref" in value:
        at = doc
        for part in value["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        value = at
    return value

with open(sys.argv[1], encoding="utf-8") as f:
    doc = strict(json.load(f))
with open(sys.argv[2], encoding="utf-8") as f:
    answers = json.load(f)
for schema in doc["components"]["schemas"].values():
    Draft202012Validator.check_schema(schema)

out = []
for a in answers:
    try:
        content = resolve(doc["paths"][a["path"]]["get"]["responses"][str(a["status"])])["content"]
        schema = content[a["type"].split(";")[0]]["schema"]
    except KeyError as e:
        out.append(f"not described: {e}")
        continue
    body = json.loads(a["body"]) if a["type"] == "application/json" else a["body"]
    validator = Draft202012Validator({**schema, "components": doc["components"]}, format_checker=formats)
    out.append("; ".join(f"{e.json_path}: {e.message[:200]}" for e in list(validator.iter_errors(body))[:5]))
print(json.dumps(out))
