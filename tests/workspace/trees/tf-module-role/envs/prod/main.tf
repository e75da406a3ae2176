provider "aws" { region = "eu-west-1" }
resource "aws_secretsmanager_secret" "db" { name = "prod/db" }
module "iam" {
  source      = "../../modules/iam"
  name        = "web-prod"
  secret_arns = [aws_secretsmanager_secret.db.arn]
}
module "service" {
  source             = "../../modules/service"
  name               = "web-prod"
  execution_role_arn = module.iam.execution_role_arn
  secret_arn         = aws_secretsmanager_secret.db.arn
  containers         = []
}
