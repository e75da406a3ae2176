resource "aws_s3_bucket" "uploads" {}

resource "aws_iam_role" "exec" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  «statement» {
    «actions» = ["«sts:AssumeRole»"]
    «principals» {
      «type» = "«Service»"
      «identifiers» = ["«ecs-tasks.amazonaws.com»"]
    }
  }
}

data "aws_iam_policy_document" "deploy" {
  «statement» {
    «sid» = "Deploy"
    «effect» = "«Allow»"
    «actions» = ["«ecs:UpdateService»", "«ecs:DescribeServices»"]
    «resources» = ["«arn:aws:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}»"]
    «condition» {
      «test» = "«StringEquals»"
      «variable» = "«aws:RequestedRegion»"
      «values» = ["«eu-west-1»"]
    }
  }
  «statement» {
    «actions» = ["«s3:ListBucket»"]
    «resources» = [«aws_s3_bucket.uploads.arn»]
  }
}

resource "aws_ecs_task_definition" "web" {
  «family» = "web"
  «requires_compatibilities» = ["«FARGATE»"]
  «network_mode» = "«awsvpc»"
  «cpu» = "«256»"
  «memory» = "«512»"
  «execution_role_arn» = «aws_iam_role.exec.arn»
  «container_definitions» = jsonencode([
    {
      «name» = "app"
      «image» = "web:1"
      «essential» = «true»
      «logConfiguration» = {
        «logDriver» = "«awslogs»"
        «options» = {
          "«awslogs-group»" = "/ecs/web"
        }
      }
    }
  ])
}
