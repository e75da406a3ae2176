resource "aws_ecs_service" "web" {
  name                              = "web"
  cluster                           = "main"
  task_definition                   = aws_ecs_task_definition.web.arn
  desired_count                     = 0
  launch_type                       = null
  platform_version                  = ""
  iam_role                          = ""
  health_check_grace_period_seconds = 0
  scheduling_strategy               = null

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
    base              = 0
  }

  network_configuration {
    subnets = ["subnet-0123456789abcdef0"]
  }

  service_registries {
    registry_arn   = "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-abc"
    container_name = ""
    container_port = 0
    port           = 0
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  cpu                      = "256"
  memory                   = "512"
  pid_mode                 = null
  execution_role_arn       = ""
  task_role_arn            = ""
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  container_definitions    = jsonencode([{ name = "web", image = "nginx:1.27", mountPoints = [{ sourceVolume = "d", containerPath = "/d" }] }])

  volume {
    name      = "d"
    host_path = ""

    efs_volume_configuration {
      file_system_id          = "fs-0123456789abcdef0"
      root_directory          = ""
      transit_encryption      = "ENABLED"
      transit_encryption_port = 0

      authorization_config {
        access_point_id = ""
      }
    }
  }
}
