module "web" {
  source = "./task"
  secrets = concat(
    [for name, arn in var.secrets : { name = name, valueFrom = arn }],
    var.with_login ? [{
      # name      = "LOGIN"
      # valueFrom = var.login
    }] : []
  )
}
