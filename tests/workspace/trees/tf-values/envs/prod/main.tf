variable "cpu" {}
variable "service" {}
variable "actions" { type = list(string) }
module "task" {
  source  = "../../modules/task"
  name    = "web"
  cpu     = var.cpu
  service = var.service
  actions = var.actions
}
