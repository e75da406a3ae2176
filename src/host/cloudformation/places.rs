//! Where policies stand in resources, and what they attach.

use crate::host::DocumentKind::{Identity, Resource, Session, Trust};
use crate::host::attachments::{BOUNDARY, GROUPS, POLICIES, ROLES, USERS};
use crate::host::places::{AttachmentPlace, PolicyPlace, attachment, place};

/// Types whose statements follow a grammar of their own.
pub(super) const NOT_OURS: [&str; 2] = ["AWS::Events::EventBusPolicy", "AWS::IoT::Policy"];

static PLACES: [PolicyPlace; 62] = [
    place("AWS::ApiGateway::RestApi", &["Policy"], Some(Resource)),
    place("AWS::Backup::BackupVault", &["AccessPolicy"], Some(Resource)),
    place("AWS::CodeArtifact::Domain", &["PermissionsPolicyDocument"], Some(Resource)),
    place("AWS::CodeArtifact::Repository", &["PermissionsPolicyDocument"], Some(Resource)),
    place("AWS::DynamoDB::GlobalTable", &["Replicas", "ResourcePolicy", "PolicyDocument"], Some(Resource)),
    place("AWS::DynamoDB::Table", &["ResourcePolicy", "PolicyDocument"], Some(Resource)),
    place(
        "AWS::DynamoDB::Table",
        &["StreamSpecification", "ResourcePolicy", "PolicyDocument"],
        Some(Resource),
    ),
    place("AWS::EC2::VPCEndpoint", &["PolicyDocument"], Some(Resource)),
    place("AWS::ECR::PublicRepository", &["RepositoryPolicyText"], Some(Resource)),
    place("AWS::ECR::RegistryPolicy", &["PolicyText"], Some(Resource)),
    place("AWS::ECR::Repository", &["RepositoryPolicyText"], Some(Resource)),
    place("AWS::ECR::RepositoryCreationTemplate", &["RepositoryPolicy"], Some(Resource)),
    place("AWS::EFS::FileSystem", &["FileSystemPolicy"], Some(Resource)),
    place("AWS::Elasticsearch::Domain", &["AccessPolicies"], Some(Resource)),
    place("AWS::EventSchemas::RegistryPolicy", &["Policy"], Some(Resource)),
    place("AWS::Events::EventBus", &["Policy"], Some(Resource)),
    place("AWS::IAM::Group", &["Policies", "PolicyDocument"], Some(Identity)),
    place("AWS::IAM::GroupPolicy", &["PolicyDocument"], Some(Identity)),
    place("AWS::IAM::ManagedPolicy", &["PolicyDocument"], Some(Identity)),
    place("AWS::IAM::Policy", &["PolicyDocument"], Some(Identity)),
    place("AWS::IAM::Role", &["AssumeRolePolicyDocument"], Some(Trust)),
    place("AWS::IAM::Role", &["Policies", "PolicyDocument"], Some(Identity)),
    place("AWS::IAM::RolePolicy", &["PolicyDocument"], Some(Identity)),
    place("AWS::IAM::User", &["Policies", "PolicyDocument"], Some(Identity)),
    place("AWS::IAM::UserPolicy", &["PolicyDocument"], Some(Identity)),
    place("AWS::KMS::Key", &["KeyPolicy"], Some(Resource)),
    place("AWS::KMS::ReplicaKey", &["KeyPolicy"], Some(Resource)),
    place("AWS::Kinesis::ResourcePolicy", &["ResourcePolicy"], Some(Resource)),
    place("AWS::Logs::LogGroup", &["ResourcePolicyDocument"], Some(Resource)),
    place("AWS::Logs::ResourcePolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::MSK::ClusterPolicy", &["Policy"], Some(Resource)),
    place("AWS::MediaStore::Container", &["Policy"], Some(Resource)),
    place("AWS::OpenSearchService::Domain", &["AccessPolicies"], Some(Resource)),
    place("AWS::Organizations::Policy", &["Content"], None),
    place("AWS::Organizations::ResourcePolicy", &["Content"], Some(Resource)),
    place("AWS::Redshift::Cluster", &["NamespaceResourcePolicy"], Some(Resource)),
    place("AWS::S3::AccessPoint", &["Policy"], Some(Resource)),
    place("AWS::S3::BucketPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::S3::MultiRegionAccessPointPolicy", &["Policy"], Some(Resource)),
    place("AWS::S3Express::BucketPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::S3ObjectLambda::AccessPointPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::S3Outposts::BucketPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::S3Tables::TableBucketPolicy", &["ResourcePolicy"], Some(Resource)),
    place("AWS::S3Tables::TablePolicy", &["ResourcePolicy"], Some(Resource)),
    place("AWS::SNS::TopicInlinePolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::SNS::TopicPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::SQS::QueueInlinePolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::SQS::QueuePolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::SSMIncidents::ResponsePlan", &["ResourcePolicy"], Some(Resource)),
    place("AWS::SSO::PermissionSet", &["InlinePolicy"], Some(Identity)),
    place("AWS::SecretsManager::ResourcePolicy", &["ResourcePolicy"], Some(Resource)),
    place("AWS::Serverless::Api", &["Auth", "ResourcePolicy", "CustomStatements"], Some(Resource)),
    place("AWS::Serverless::Function", &["AssumeRolePolicyDocument"], Some(Trust)),
    place("AWS::Serverless::Function", &["Policies"], Some(Identity)),
    place("AWS::Serverless::StateMachine", &["Policies"], Some(Identity)),
    place("AWS::StepFunctions::StateMachine", &["RolePolicy"], Some(Identity)),
    place("AWS::SES::EmailIdentityPolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::Transfer::User", &["Policy"], Some(Session)),
    place("AWS::VpcLattice::AuthPolicy", &["Policy"], Some(Resource)),
    place("AWS::VpcLattice::ResourcePolicy", &["Policy"], Some(Resource)),
    place("AWS::XRay::ResourcePolicy", &["PolicyDocument"], Some(Resource)),
    place("AWS::Serverless::SimpleTable", &["ResourcePolicy", "PolicyDocument"], Some(Resource)),
];

/// Where a type of resource holds policies; nothing for types we do not know.
pub(super) fn of(resource_type: &str) -> impl Iterator<Item = &'static PolicyPlace> {
    PLACES.iter().filter(move |place| place.resource_type == resource_type)
}

static ATTACHMENTS: [AttachmentPlace; 18] = [
    attachment("AWS::IAM::Group", &["ManagedPolicyArns"], POLICIES),
    attachment("AWS::IAM::ManagedPolicy", &["Groups"], GROUPS),
    attachment("AWS::IAM::ManagedPolicy", &["Roles"], ROLES),
    attachment("AWS::IAM::ManagedPolicy", &["Users"], USERS),
    attachment("AWS::IAM::Policy", &["Groups"], GROUPS),
    attachment("AWS::IAM::Policy", &["Roles"], ROLES),
    attachment("AWS::IAM::Policy", &["Users"], USERS),
    attachment("AWS::IAM::Role", &["ManagedPolicyArns"], POLICIES),
    attachment("AWS::IAM::Role", &["PermissionsBoundary"], BOUNDARY),
    attachment("AWS::IAM::User", &["ManagedPolicyArns"], POLICIES),
    attachment("AWS::IAM::User", &["PermissionsBoundary"], BOUNDARY),
    attachment("AWS::IAM::UserPolicy", &["UserName"], USERS),
    attachment("AWS::SSO::PermissionSet", &["ManagedPolicies"], POLICIES),
    attachment("AWS::SSO::PermissionSet", &["PermissionsBoundary", "ManagedPolicyArn"], BOUNDARY),
    attachment("AWS::Serverless::Function", &["PermissionsBoundary"], BOUNDARY),
    attachment("AWS::Serverless::Function", &["Policies"], POLICIES),
    attachment("AWS::Serverless::StateMachine", &["PermissionsBoundary"], BOUNDARY),
    attachment("AWS::Serverless::StateMachine", &["Policies"], POLICIES),
];

/// What a type of resource attaches, and where it says so.
pub(super) fn attachments_of(resource_type: &str) -> impl Iterator<Item = &'static AttachmentPlace> {
    ATTACHMENTS.iter().filter(move |place| place.resource_type == resource_type)
}
