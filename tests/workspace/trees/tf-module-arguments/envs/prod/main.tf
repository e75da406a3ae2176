data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-task.amazonaws.com"]
    }
  }
}
module "web" {
  source     = "../../modules/web"
  name       = "web"
  trust_json = data.aws_iam_policy_document.trust.json
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObjekt", Resource = "${module.web.bucket_arn}" }]
  })
  extra_statements = {
    a = { actions = ["sqs:SendMesage"], resources = ["*"] }
  }
  actions = ["iam:PassRole", "ecs:RunTasks"]
  cpu     = 300
  containers = [{
    name = "web", image = "nginx", essential = true, hostname = "x", portMapping = []
  }]
}
module "fn" {
  source = "terraform-aws-modules/lambda/aws"
  trusted_entities = ["lamda.amazonaws.com"]
  policy_statements = { a = { effect = "Allow", actions = ["dynamodb:GetItm"], resources = ["*"] } }
  policies = ["arn:aws:iam::aws:policy/ReadOnlyAcces"]
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = module.web.bucket_arn }]
  })
}
