terraform {
  source = "../../../modules/web"
}
inputs = {
  cpu     = 300
  service = "ecs.amazonaws.com"
}
