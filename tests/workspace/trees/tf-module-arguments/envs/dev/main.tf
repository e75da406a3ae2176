module "web" {
  source     = "../../modules/web"
  name       = "web-dev"
  trust_json = "{}"
  policy     = "{}"
  actions    = ["iam:PassRole", "ecs:RunTask"]
  containers = []
}
