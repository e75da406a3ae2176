"""Tests of the gates and the converter's traps. Run by `refresh.py --self-test`."""

import copy
import datetime
import unittest

import refresh

SERVICE = {
    "prefix": "ecs",
    "name": "A title of quite a few words, which is one of the few sentences",
    "conditionKeys": {"ecs:cluster": "ARN"},
    "resources": {"cluster": {"arn": ["arn:${Partition}:ecs:${Region}:${Account}:cluster/${Name}"]}},
    "actions": {
        f"Action{number}": {"level": "Write", "on": ["cluster*"], "keys": ["ecs:cluster"], "needs": ["iam:PassRole"], "permissionOnly": True}
        for number in range(200)
    },
}


class Gates(unittest.TestCase):
    def setUp(self):
        self.found = {"ecs": copy.deepcopy(SERVICE)}

    def refused(self, gate, *arguments):
        with self.assertRaises(refresh.Refused) as caught:
            gate(*arguments)
        return str(caught.exception)

    def test_sound_facts_pass(self):
        refresh.gate_shrink(self.found, self.found)
        refresh.gate_references(self.found)
        refresh.gate_sentences(self.found)

    def test_a_lost_column_is_seen(self):
        before = copy.deepcopy(self.found)
        for action in list(self.found["ecs"]["actions"].values())[:3]:
            del action["needs"]
        self.assertIn("dependent actions", self.refused(refresh.gate_shrink, before, self.found))

    def test_lost_actions_are_seen(self):
        before = copy.deepcopy(self.found)
        for name in list(self.found["ecs"]["actions"])[:3]:
            del self.found["ecs"]["actions"][name]
        self.assertIn("actions shrink", self.refused(refresh.gate_shrink, before, self.found))

    def test_references_must_resolve(self):
        self.found["ecs"]["actions"]["Action0"]["keys"] = ["ecs:unheard"]
        self.assertIn("ecs:unheard has no type", self.refused(refresh.gate_references, self.found))
        self.setUp()
        self.found["ecs"]["actions"]["Action0"]["on"] = ["task*"]
        self.assertIn("no resource type task", self.refused(refresh.gate_references, self.found))
        self.setUp()
        self.found["ecs"]["conditionKeys"]["ecs:x"] = "Text"
        self.assertIn("has the type 'Text'", self.refused(refresh.gate_references, self.found))

    def test_operations_must_be_older_than_the_actions(self):
        actions = datetime.date(2026, 10, 27)
        refresh.gate_dates(actions, datetime.date(2026, 10, 12))
        self.assertIn("14 days", self.refused(refresh.gate_dates, actions, datetime.date(2026, 10, 27)))
        self.assertIn("14 days", self.refused(refresh.gate_dates, actions, datetime.date(2026, 11, 17)))

    def test_what_is_new_is_told_apart(self):
        models = {"ecs": {"Action1", "Old", "New"}}
        older = refresh.api_names(self.found, {"ecs": {"Action1", "Old"}})
        self.assertEqual(older, {"ecs": ["Old"]})
        self.assertEqual(refresh.newer_names(self.found, models, older), {"ecs": ["New"]})

    def test_sentences_are_kept_out(self):
        self.found["ecs"]["actions"]["Action0"]["level"] = "Grants permission to do what nobody should ever do at all"
        self.assertIn("a sentence", self.refused(refresh.gate_sentences, self.found))

    def test_the_cross_check_counts_differences(self):
        other = {"ecs": {"Actions": {name.lower(): {} for name in self.found["ecs"]["actions"]}}}
        self.assertEqual(refresh.gate_cross_check(self.found, other), 0)
        self.assertIn("201 actions", self.refused(refresh.gate_cross_check, self.found, {"s3": {"Actions": {"x": {}}}}))


class Places(unittest.TestCase):
    def setUp(self):
        of_table = {"properties": {"Replicas": {"type": "array", "items": {"$ref": "#/definitions/Replica"}}}}
        of_table["definitions"] = {"Replica": {"anyOf": [{"properties": {"Policy": {}}}, {"properties": {"Other": {}}}]}}
        of_task = {"properties": {"IAM": {}}}
        self.schemas = {"AWS::X::Table": of_table, "AWS::ECS::TaskDefinition": of_task, "AWS::ECS::Service": of_task}
        self.table = {
            "policies": [["AWS::X::Table", "Replicas/Policy", "resource"]],
            "attachments": [],
            "properties": [["iam", "IAM"]],
        }

    def refused(self):
        with self.assertRaises(refresh.Refused) as caught:
            refresh.gate_places(self.table, self.schemas.get)
        return str(caught.exception)

    def test_places_that_are_there_pass(self):
        refresh.gate_places(self.table, self.schemas.get)

    def test_places_that_are_not_there_are_refused(self):
        self.table["policies"][0][1] = "Replicas/Rule"
        self.assertIn("AWS::X::Table has no Replicas/Rule", self.refused())
        self.table["policies"][0] = ["AWS::X::Gone", "Policy", "resource"]
        self.assertIn("there is no AWS::X::Gone", self.refused())

    def test_names_of_fields_are_looked_up(self):
        self.table["properties"] = [["iam", "Iam"]]
        self.assertIn("nothing of ECS has Iam", self.refused())


class ReferenceTypes(unittest.TestCase):
    def setUp(self):
        self.found = {"ecs": copy.deepcopy(SERVICE)}
        self.rows = [["ecs/cluster", "AWS::ECS::Cluster", "name", "Arn", "Name", "aws_ecs_cluster", "arn", "name"]]

    def refused(self, gate, known):
        with self.assertRaises(refresh.Refused) as caught:
            gate(self.rows, known)
        return str(caught.exception)

    def test_the_table_fits_the_facts(self):
        found = {}
        for file in (refresh.HERE / "iam" / "services").glob("*.json"):
            service = refresh.read(file)
            found[service["prefix"]] = service
        rows = refresh.read(refresh.HERE / "hosts" / "references.json")["references"]
        self.assertGreaterEqual(len(rows), 120)
        refresh.gate_reference_types(rows, found)

    def test_a_type_must_be_there(self):
        self.rows[0][0] = "ecs/task"
        self.assertIn("no resource type ecs/task", self.refused(refresh.gate_reference_types, self.found))

    def test_a_format_must_be_an_arn_with_a_place_for_the_name(self):
        resource = self.found["ecs"]["resources"]["cluster"]
        resource["arn"] = ["cluster/${Name}"]
        self.assertIn("has the ARN", self.refused(refresh.gate_reference_types, self.found))
        resource["arn"] = ["arn:${Partition}:ecs:${Region}:${Account}:cluster"]
        self.assertIn("no place for the name", self.refused(refresh.gate_reference_types, self.found))

    def test_words_are_those_of_the_table(self):
        self.rows[0][2] = "id"
        self.assertIn("gives 'id'", self.refused(refresh.gate_reference_types, self.found))
        self.setUp()
        self.rows.append(list(self.rows[0]))
        self.assertIn("is there twice", self.refused(refresh.gate_reference_types, self.found))
        self.setUp()
        self.rows[0][3] = "Arn:x"
        self.assertIn("has the attribute Arn:x", self.refused(refresh.gate_reference_types, self.found))

    def test_attributes_are_looked_up(self):
        schemas = {"AWS::ECS::Cluster": {"properties": {"Arn": {}, "Name": {}}}}
        refresh.gate_attributes(self.rows, schemas.get)
        self.rows[0][3] = "Arm"
        self.assertIn("has no Arm", self.refused(refresh.gate_attributes, schemas.get))
        self.rows[0][1] = "AWS::ECS::Gone"
        self.assertIn("there is no AWS::ECS::Gone", self.refused(refresh.gate_attributes, schemas.get))


class Converter(unittest.TestCase):
    def test_the_narrower_access_level_counts(self):
        self.assertEqual(refresh.level("Tagging, Write"), "Tagging")
        self.assertEqual(refresh.level("Permissions management, Write"), "Permissions")
        self.assertEqual(refresh.level("List"), "List")

    def test_what_vanished_is_remembered(self):
        committed = {"ecs": copy.deepcopy(SERVICE)}
        found = {"ecs": copy.deepcopy(SERVICE)}
        del found["ecs"]["actions"]["Action7"]
        gone = refresh.retired(found, {"old": {"Thing": "2025-01-01"}}, committed, "2026-10-27")
        self.assertEqual(gone, {"ecs": {"Action7": "2026-10-27"}, "old": {"Thing": "2025-01-01"}})

    def test_a_service_is_written_one_action_a_line(self):
        lines = refresh.service_text(SERVICE).split("\n")
        self.assertEqual(sum('"level"' in line for line in lines), 200)


if __name__ == "__main__":
    unittest.main()
