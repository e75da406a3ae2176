backup_bucket = ""
