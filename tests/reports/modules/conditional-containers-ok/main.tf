module "shop" {
  source = "./web"
  name   = "shop"
  traced = true
  environment = [
    { name = "PORT", value = 8080 },
    { name = "MODE", value = "prod" },
  ]
}

module "admin" {
  source = "./web"
  name   = "admin"
  traced = false
  environment = [
    { name = "PORT", value = 9090 },
    { name = "MODE", value = "prod" },
  ]
}
