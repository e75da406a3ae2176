variable "cpu" {
  default = 256
}

variable "repository" {
  type = string
}
