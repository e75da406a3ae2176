cpu     = 300
service = "ecs.amazonaws.com"
actions = ["sqs:SendMesage"]
