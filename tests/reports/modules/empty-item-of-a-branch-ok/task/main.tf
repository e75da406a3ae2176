variable "secrets" {
  type    = set(object({ name = string, valueFrom = string }))
  default = []
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  execution_role_arn    = "arn:aws:iam::111122223333:role/execution"
  container_definitions = jsonencode([{ name = "web", image = "shop/web:1", memory = 128, secrets = var.secrets }])
}
