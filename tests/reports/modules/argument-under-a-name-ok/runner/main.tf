variable "cache" {
  type = map(any)
}

data "aws_iam_policy" "cache" {
  count = var.cache["create"] ? 0 : 1
  arn   = var.cache["policy"]
}

resource "aws_iam_role_policy_attachment" "cache" {
  role       = "runner"
  policy_arn = var.cache["create"] ? data.aws_iam_policy.cache[0].arn : var.cache["policy"]
}
