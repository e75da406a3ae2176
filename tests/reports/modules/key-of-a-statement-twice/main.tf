resource "aws_iam_policy" "web" {
  name = "web"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObjekt"
      Resource = "arn:aws:s3:::shop/*"
      Action   = "s3:PutObject"
    }]
  })
}
