resource "aws_iam_policy" "shop" {
  name = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::shop/*"
        Condition = var.strict ? {
          StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" }
          } : {
          StringEqualz = { "aws:PrincipalTag/team" = "web" }
        }
      },
      {
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::shop/*"
        Condition = { StringEquals = var.strict ? { "aws:SourceVpc" = "vpce-0123456789abcdef0" } : {} }
      },
    ]
  })
}
