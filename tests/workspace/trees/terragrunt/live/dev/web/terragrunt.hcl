terraform {
  source = "../../../modules/web"
}
inputs = {
  cpu     = 256
  service = "ecs-tasks.amazonaws.com"
}
