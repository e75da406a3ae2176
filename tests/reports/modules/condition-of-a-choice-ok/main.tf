resource "aws_iam_policy" "shop" {
  name = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::shop/*"
        Condition = var.strict ? { StringEquals = { "aws:PrincipalTag/team" = "web" } } : { StringEquals = { "aws:PrincipalTag/team" = "api" } }
      },
      {
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::shop/*"
        Condition = var.strict ? { Null = { "aws:PrincipalTag/team" = "true" } } : { StringEquals = { "aws:PrincipalTag/team" = "api" } }
      },
    ]
  })
}
