module "web" {
  source = "./task"
  environment = [
    { name = "PORT", value = 8080 },
    { name = "DEBUG", value = false },
  ]
  container = {
    image  = "shop/web:1"
    memory = "256"
    labels = { weight = 1 }
  }
}
