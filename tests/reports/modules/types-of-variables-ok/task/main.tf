variable "environment" {
  type = list(object({
    name  = string
    value = string
  }))
}

variable "container" {
  type = object({
    image  = string
    memory = optional(number, 128)
    labels = optional(map(string), {})
  })
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([{
    name         = "web"
    image        = var.container.image
    memory       = var.container.memory
    dockerLabels = var.container.labels
    environment  = var.environment
  }])
}
