provider "aws" { region = "eu-west-1" }
resource "aws_secretsmanager_secret" "db" { name = "dev/db" }
module "iam" {
  source      = "../../modules/iam"
  name        = "web-dev"
  secret_arns = [aws_secretsmanager_secret.db.arn]
}
module "service" {
  source             = "../../modules/service"
  name               = "web-dev"
  execution_role_arn = module.iam.execution_role_arn
  secret_arn         = aws_secretsmanager_secret.db.arn
  containers         = []
}
