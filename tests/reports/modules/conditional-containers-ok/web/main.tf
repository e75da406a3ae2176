variable "name" {
  type = string
}

variable "traced" {
  type = bool
}

variable "environment" {
  type    = list(any)
  default = []
}

locals {
  web = {
    name      = var.name
    image     = "shop/web:1"
    memory    = 128
    essential = true
    environment = var.traced ? concat(var.environment, [
      { name = "TRACES", value = "on" },
    ]) : var.environment
  }

  collector = {
    name      = "collector"
    image     = "shop/collector:1"
    memory    = 128
    essential = false
  }

  containers = var.traced ? jsonencode([
    local.web,
    local.collector,
    ]) : jsonencode([
    local.web,
  ])
}

resource "aws_ecs_task_definition" "web" {
  family                = var.name
  container_definitions = local.containers
}
