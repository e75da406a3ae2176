variable "policy" {}
variable "extra_statements" { default = {} }
variable "trust_json" {}
variable "actions" { type = list(string) }
variable "cpu" { default = 256 }
variable "containers" {}
variable "name" {}
locals {
  role_name = "${var.name}-task"
}
resource "aws_iam_role" "this" {
  name               = local.role_name
  assume_role_policy = var.trust_json
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = var.policy
}
data "aws_iam_policy_document" "extra" {
  statement {
    actions   = var.actions
    resources = [aws_iam_role.this.arn]
  }
  dynamic "statement" {
    for_each = var.extra_statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
resource "aws_iam_role_policy" "extra" {
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.extra.json
}
resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = 512
  execution_role_arn       = aws_iam_role.this.arn
  container_definitions    = jsonencode(var.containers)
}
output "role_arn" { value = aws_iam_role.this.arn }
output "bucket_arn" { value = aws_s3_bucket.b.arn }
resource "aws_s3_bucket" "b" { bucket = "my-bucket" }
