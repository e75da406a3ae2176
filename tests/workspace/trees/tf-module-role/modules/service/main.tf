variable "name" {}
variable "execution_role_arn" {}
variable "secret_arn" {}
variable "containers" {}
resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.execution_role_arn
  container_definitions = jsonencode([{
    name      = "web"
    image     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1"
    essential = true
    secrets   = [{ name = "DB", valueFrom = var.secret_arn }]
    logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "/web", awslogs-region = "eu-west-1", awslogs-stream-prefix = "web" } }
  }])
}
resource "aws_ecs_service" "this" {
  name            = var.name
  task_definition = aws_ecs_task_definition.this.arn
  load_balancer {
    container_name = "api"
    container_port = 80
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef"
  }
}
