"""The LMDeploy target: `lmdeploy serve api_server` with either of its two engines."""
