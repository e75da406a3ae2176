locals {
  sidecar = {
    name        = "sidecar"
    image       = "shop/sidecar:1"
    memory      = 64
    essential   = false
    environment = [{ name = "CONFIG", value = jsonencode({ level = "info" }) }]
  }
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([
    {
      name   = "web"
      image  = "shop/web:1"
      memory = 128
      environment = [
        { name = "SETTINGS", value = jsonencode({ paths = ["/a", "/b"] }) },
        { name = "POLICY", value = jsonencode({ Version = "2012-10-17", Statement = [] }) },
        { name = "LIST", value = jsonencode(["a"]) },
      ]
    },
    local.sidecar,
  ])
}
