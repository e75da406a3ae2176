data "aws_iam_policy_document" "assumed_by_events" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "nightly" {
  name               = "nightly"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_events.json
}
