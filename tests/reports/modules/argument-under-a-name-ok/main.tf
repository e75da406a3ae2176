module "runner" {
  source = "./runner"
  cache = {
    shared = "true"
    create = false
    policy = "arn:aws:iam::111122223333:policy/cache"
  }
}
