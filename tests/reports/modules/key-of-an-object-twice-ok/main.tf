locals {
  tags = {
    owner   = "shop"
    service = "web"
    owner   = var.owner
  }
}

resource "aws_iam_policy" "web" {
  name   = "web"
  tags   = { owner = "a", "owner" = "b" }
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shop/*" }]
  })
}
