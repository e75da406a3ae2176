module "service" {
  source = "shop/fargate/aws"

  additional_container_definitions = [
    {
      name      = "agent"
      image     = "shop/agent:1"
      essential = false

      logConfiguration = {
        logDriver = "awslogs"
        options   = { awslogs-group = "/shop", awslogs-region = "eu-west-1", awslogs-stream-prefix = "agent" }
      }
    }
  ]
}
