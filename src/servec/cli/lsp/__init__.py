"""The language server: findings, completion, hover, fixes and formatting in an editor."""
