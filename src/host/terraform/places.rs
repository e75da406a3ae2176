//! Where policies stand in resources of the AWS provider, and what they attach.

use crate::host::DocumentKind::{Identity, Resource, Session, Trust};
use crate::host::attachments::{BOUNDARY, GROUPS, POLICIES, ROLES, USERS};
use crate::host::places::{AttachmentPlace, PolicyPlace, attachment, place};

static PLACES: [PolicyPlace; 52] = [
    place("aws_api_gateway_rest_api", &["policy"], Some(Resource)),
    place("aws_api_gateway_rest_api_policy", &["policy"], Some(Resource)),
    place("aws_backup_vault_policy", &["policy"], Some(Resource)),
    place("aws_cloudwatch_event_bus_policy", &["policy"], Some(Resource)),
    place("aws_cloudwatch_log_resource_policy", &["policy_document"], Some(Resource)),
    place("aws_codeartifact_domain_permissions_policy", &["policy_document"], Some(Resource)),
    place("aws_codeartifact_repository_permissions_policy", &["policy_document"], Some(Resource)),
    place("aws_dynamodb_resource_policy", &["policy"], Some(Resource)),
    place("aws_ecr_registry_policy", &["policy"], Some(Resource)),
    place("aws_ecr_repository_creation_template", &["repository_policy"], Some(Resource)),
    place("aws_ecr_repository_policy", &["policy"], Some(Resource)),
    place("aws_ecrpublic_repository_policy", &["policy"], Some(Resource)),
    place("aws_efs_file_system_policy", &["policy"], Some(Resource)),
    place("aws_elasticsearch_domain", &["access_policies"], Some(Resource)),
    place("aws_elasticsearch_domain_policy", &["access_policies"], Some(Resource)),
    place("aws_glacier_vault", &["access_policy"], Some(Resource)),
    place("aws_iam_group_policy", &["policy"], Some(Identity)),
    place("aws_iam_policy", &["policy"], Some(Identity)),
    place("aws_iam_role", &["assume_role_policy"], Some(Trust)),
    place("aws_iam_role", &["inline_policy", "policy"], Some(Identity)),
    place("aws_iam_role_policy", &["policy"], Some(Identity)),
    place("aws_iam_user_policy", &["policy"], Some(Identity)),
    place("aws_kinesis_resource_policy", &["policy"], Some(Resource)),
    place("aws_kms_external_key", &["policy"], Some(Resource)),
    place("aws_kms_key", &["policy"], Some(Resource)),
    place("aws_kms_key_policy", &["policy"], Some(Resource)),
    place("aws_kms_replica_key", &["policy"], Some(Resource)),
    place("aws_media_store_container_policy", &["policy"], Some(Resource)),
    place("aws_msk_cluster_policy", &["policy"], Some(Resource)),
    place("aws_opensearch_domain", &["access_policies"], Some(Resource)),
    place("aws_opensearch_domain_policy", &["access_policies"], Some(Resource)),
    place("aws_organizations_policy", &["content"], None),
    place("aws_organizations_resource_policy", &["content"], Some(Resource)),
    place("aws_s3_access_point", &["policy"], Some(Resource)),
    place("aws_s3_bucket", &["policy"], Some(Resource)),
    place("aws_s3_bucket_policy", &["policy"], Some(Resource)),
    place("aws_s3control_access_point_policy", &["policy"], Some(Resource)),
    place("aws_s3control_bucket_policy", &["policy"], Some(Resource)),
    place("aws_s3tables_table_bucket_policy", &["resource_policy"], Some(Resource)),
    place("aws_secretsmanager_secret", &["policy"], Some(Resource)),
    place("aws_secretsmanager_secret_policy", &["policy"], Some(Resource)),
    place("aws_ses_identity_policy", &["policy"], Some(Resource)),
    place("aws_sns_topic", &["policy"], Some(Resource)),
    place("aws_sns_topic_policy", &["policy"], Some(Resource)),
    place("aws_sqs_queue", &["policy"], Some(Resource)),
    place("aws_sqs_queue_policy", &["policy"], Some(Resource)),
    place("aws_ssoadmin_permission_set_inline_policy", &["inline_policy"], Some(Identity)),
    place("aws_transfer_user", &["policy"], Some(Session)),
    place("aws_vpc_endpoint", &["policy"], Some(Resource)),
    place("aws_vpc_endpoint_policy", &["policy"], Some(Resource)),
    place("aws_vpclattice_auth_policy", &["policy"], Some(Resource)),
    place("aws_vpclattice_resource_policy", &["policy"], Some(Resource)),
];

/// Where a type of resource holds policies; nothing for types we do not know.
pub(super) fn of(resource_type: &str) -> impl Iterator<Item = &'static PolicyPlace> {
    PLACES.iter().filter(move |place| place.resource_type == resource_type)
}

static ATTACHMENTS: [AttachmentPlace; 22] = [
    attachment("aws_iam_group_policy_attachment", &["group"], GROUPS),
    attachment("aws_iam_group_policy_attachment", &["policy_arn"], POLICIES),
    attachment("aws_iam_group_policy_attachments_exclusive", &["policy_arns"], POLICIES),
    attachment("aws_iam_policy_attachment", &["groups"], GROUPS),
    attachment("aws_iam_policy_attachment", &["policy_arn"], POLICIES),
    attachment("aws_iam_policy_attachment", &["roles"], ROLES),
    attachment("aws_iam_policy_attachment", &["users"], USERS),
    attachment("aws_iam_role", &["managed_policy_arns"], POLICIES),
    attachment("aws_iam_role", &["permissions_boundary"], BOUNDARY),
    attachment("aws_iam_role_policy_attachment", &["policy_arn"], POLICIES),
    attachment("aws_iam_role_policy_attachment", &["role"], ROLES),
    attachment("aws_iam_role_policy_attachments_exclusive", &["policy_arns"], POLICIES),
    attachment("aws_iam_user", &["permissions_boundary"], BOUNDARY),
    attachment("aws_iam_user_policy", &["user"], USERS),
    attachment("aws_iam_user_policy_attachment", &["policy_arn"], POLICIES),
    attachment("aws_iam_user_policy_attachment", &["user"], USERS),
    attachment("aws_iam_user_policy_attachments_exclusive", &["policy_arns"], POLICIES),
    attachment("aws_iam_user_policy_attachments_exclusive", &["user_name"], USERS),
    attachment("aws_ssoadmin_managed_policy_attachment", &["managed_policy_arn"], POLICIES),
    attachment(
        "aws_ssoadmin_permissions_boundary_attachment",
        &["permissions_boundary", "managed_policy_arn"],
        BOUNDARY,
    ),
    // Data sources: a policy that is looked up.
    attachment("data.aws_iam_policy", &["arn"], POLICIES),
    attachment("data.aws_iam_policy", &["name"], POLICIES),
];

/// What a type of resource attaches, and where it says so.
pub(super) fn attachments_of(resource_type: &str) -> impl Iterator<Item = &'static AttachmentPlace> {
    ATTACHMENTS.iter().filter(move |place| place.resource_type == resource_type)
}
