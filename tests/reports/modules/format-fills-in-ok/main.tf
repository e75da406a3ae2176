data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "AllowAlarms"
    actions   = ["SNS:Publish"]
    resources = ["%s"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["%[2]s"]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = format(data.aws_iam_policy_document.topic.json, aws_sns_topic.alarms.arn, "111122223333")
}
